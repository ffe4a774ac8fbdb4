package swarmformer.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Names, types and values side by side: one row of a dataset, or one object of JSON. */
public final class Fields {
  private final List<Object> values = new ArrayList<>();
  private StructType schema = new StructType();

  /** Adds a value of any type; null where there is none. */
  public void add(String name, DataType type, Object value) {
    schema = schema.add(name, type);
    values.add(value);
  }

  /** Adds a text; null where there is none. */
  public void text(String name, String value) {
    add(name, DataTypes.StringType, value);
  }

  /** Adds a count; null where there is none. */
  public void count(String name, Long value) {
    add(name, DataTypes.LongType, value);
  }

  /** Adds a number; null where there is none. */
  public void number(String name, Double value) {
    add(name, DataTypes.DoubleType, value);
  }

  /**
   * Adds a record, with a column for each component; null where there is none.
   *
   * @param <R> its components are numbers, texts, records, or lists of these
   */
  public <R extends Record> void record(String name, Class<R> type, R value) {
    add(name, RecordRows.typeOf(type), value);
  }

  /**
   * Adds a list of records, as {@link #record} does one; null where there is none.
   *
   * @param <R> its components are numbers, texts, records, or lists of these
   */
  public <R extends Record> void records(String name, Class<R> type, List<R> values) {
    add(name, DataTypes.createArrayType(RecordRows.typeOf(type), false), values);
  }

  /** A dataset of one row. */
  public Dataset<Row> toDataset(SparkSession spark) {
    return spark.createDataFrame(
        List.of(RowFactory.create(values.stream().map(RecordRows::toRow).toArray())), schema);
  }

  /** Values by name, in order. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      map.put(schema.fieldNames()[i], RecordRows.toMap(values.get(i)));
    }
    return map;
  }
}
