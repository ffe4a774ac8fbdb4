package swarmformer.metrics;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Records as rows of a dataset or objects of JSON: each component is a column, {@code rocAuc}
 * becomes {@code roc_auc}. Components are of the types {@link #SCALARS}, records, or lists of
 * these.
 */
final class RecordRows {
  private static final Map<Class<?>, DataType> SCALARS =
      Map.of(
          long.class, DataTypes.LongType,
          Long.class, DataTypes.LongType,
          double.class, DataTypes.DoubleType,
          Double.class, DataTypes.DoubleType,
          boolean.class, DataTypes.BooleanType,
          String.class, DataTypes.StringType);

  private RecordRows() {}

  /** The type of a value in a dataset. */
  static DataType typeOf(Type type) {
    if (type instanceof ParameterizedType list) {
      return DataTypes.createArrayType(typeOf(list.getActualTypeArguments()[0]), false);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return structOf(plain);
    }
    return Optional.ofNullable(SCALARS.get(plain))
        .orElseThrow(() -> new IllegalArgumentException("No column has the type " + plain));
  }

  private static StructType structOf(Class<?> type) {
    StructType struct = new StructType();
    for (RecordComponent component : type.getRecordComponents()) {
      struct = struct.add(columnOf(component), typeOf(component.getGenericType()));
    }
    return struct;
  }

  /** A value as Spark takes it: rows for records. */
  static Object toRow(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(RecordRows::toRow).toList();
    }
    return value instanceof Record
        ? RowFactory.create(
            Arrays.stream(value.getClass().getRecordComponents())
                .map(component -> toRow(valueOf(value, component)))
                .toArray())
        : value;
  }

  /** A value as JSON takes it: maps for records. */
  static Object toMap(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(RecordRows::toMap).toList();
    }
    if (!(value instanceof Record)) {
      return value;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      map.put(columnOf(component), toMap(valueOf(value, component)));
    }
    return map;
  }

  private static String columnOf(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static Object valueOf(Object value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }
}
