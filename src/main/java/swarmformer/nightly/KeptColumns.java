package swarmformer.nightly;

import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import swarmformer.data.Columns;
import swarmformer.data.Texts;
import swarmformer.errors.OutputException;

/** The kept columns of a night and the room that a store has for them. */
final class KeptColumns {
  private KeptColumns() {}

  /**
   * Texts with the kept columns in the types of a store, where these hold more, single values are
   * text there, or tonight there are nulls alone, of which no reader can tell a type. What holds
   * for values holds for those in arrays. Names are those of the store: Spark ignores their case,
   * Parquet does not.
   *
   * @param store rows of earlier nights
   * @throws OutputException if a name is taken, or was of a type in earlier nights that cannot hold
   *     the values of all others
   */
  static Texts fitted(Texts texts, Optional<Dataset<Row>> store) {
    Dataset<Row> rows = texts.rows();
    for (String name : NightRows.carried(texts)) {
      if (NightRows.isTaken(name)) {
        throw new OutputException(
            "Cannot keep column '%s' of %s: a store has a column of that name. Rename it or leave it out of --keep."
                .formatted(name, texts.name()));
      }
      Optional<StructField> stored = store.flatMap(earlier -> fieldOf(earlier, name));
      if (stored.isPresent() && !name.equals("id")) {
        DataType now = texts.rows().schema().apply(name).dataType();
        DataType before = stored.get().dataType();
        Column value = Columns.quoted(name);
        if (!now.catalogString().equals(before.catalogString())) {
          value = (isHeld(now, before) ? value : nulls(texts, name, now, before)).cast(before);
        }
        rows = rows.withColumn(stored.get().name(), value);
      }
    }
    return new Texts(texts.name(), rows);
  }

  private static Optional<StructField> fieldOf(Dataset<Row> rows, String name) {
    return Stream.of(rows.schema().fields())
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst();
  }

  private static boolean isHeld(DataType now, DataType before) {
    if (now instanceof ArrayType list && before instanceof ArrayType lists) {
      return isHeld(list.elementType(), lists.elementType());
    }
    return Columns.isWider(now, before) || (before instanceof StringType && isSingle(now));
  }

  /** Whether it is a type of values that have one text each. */
  private static boolean isSingle(DataType type) {
    return type instanceof NumericType
        || type instanceof BooleanType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  private static Column nulls(Texts texts, String name, DataType now, DataType before) {
    Column column = Columns.quoted(name);
    if (!texts.rows().where(hasValue(column, now, before)).isEmpty()) {
      throw new OutputException(
          "Cannot keep column '%s' of %s: it is %s, and %s in the store. Write it as that, leave it out of --keep, or set --store to a new one."
              .formatted(name, texts.name(), now.catalogString(), before.catalogString()));
    }
    return nulls(column, now, before);
  }

  private static Column hasValue(Column column, DataType now, DataType before) {
    return now instanceof ArrayType list && before instanceof ArrayType lists
        ? exists(column, each -> hasValue(each, list.elementType(), lists.elementType()))
        : column.isNotNull();
  }

  private static Column nulls(Column column, DataType now, DataType before) {
    return now instanceof ArrayType list && before instanceof ArrayType lists
        ? transform(column, each -> nulls(each, list.elementType(), lists.elementType()))
        : lit(null).cast(before);
  }
}
