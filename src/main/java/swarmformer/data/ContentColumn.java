package swarmformer.data;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Checks of the column that is scored. */
public final class ContentColumn {
  private ContentColumn() {}

  /**
   * Checks that a column holds texts.
   *
   * @param source what messages call the input
   * @param option what sets the column
   * @throws DataException if it is absent, or has another type
   */
  public static void checkTexts(StructType schema, String source, String name, String option) {
    checkPresent(schema, source, name, option);
    DataType type = schema.apply(name).dataType();
    if (!(type instanceof StringType)) {
      throw new DataException(
          "Cannot read texts from %s: column '%s' is %s, not STRING. Set %s."
              .formatted(source, name, type.sql(), option));
    }
  }

  /**
   * Checks that a column holds token ids.
   *
   * @param source what messages call the input
   * @param option what sets the column
   * @throws DataException if it is absent, or has another type
   */
  public static void checkIds(StructType schema, String source, String name, String option) {
    checkPresent(schema, source, name, option);
    DataType type = schema.apply(name).dataType();
    if (!(type instanceof ArrayType array) || !array.elementType().equals(DataTypes.IntegerType)) {
      throw new DataException(
          "Cannot read token ids from %s: column '%s' is %s, not ARRAY<INT>. Set %s."
              .formatted(source, name, type.sql(), option));
    }
  }

  static void checkPresent(StructType schema, String source, String name, String option) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new DataException(
          "Cannot read %s: no column '%s'. Columns found: %s. Set %s."
              .formatted(source, name, found(schema), option));
    }
  }

  private static String found(StructType schema) {
    List<String> names =
        Arrays.stream(schema.fieldNames())
            .filter(name -> !name.equals(Reader.MALFORMED_RECORD))
            .toList();
    return names.isEmpty() ? "none (is the file empty?)" : String.join(", ", names);
  }
}
