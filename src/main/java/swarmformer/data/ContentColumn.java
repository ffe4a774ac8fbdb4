package swarmformer.data;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import swarmformer.errors.InputException;

/** Checks of the column that is scored. */
public final class ContentColumn {
  /** What separates columns, other than commas. */
  private static final List<String> SEPARATORS = List.of(";", "\t", "|");

  private ContentColumn() {}

  /**
   * Checks that a column holds texts.
   *
   * @param source what messages call the input
   * @param option what sets the column
   * @throws InputException if it is absent, or has another type
   */
  public static void checkTexts(StructType schema, String source, String name, String option) {
    checkPresent(schema, source, name, option);
    DataType type = schema.apply(name).dataType();
    if (!(type instanceof StringType)) {
      throw new InputException(
          "Cannot read texts from %s: column '%s' is %s, not STRING. Set %s."
              .formatted(source, name, type.sql(), option));
    }
  }

  /**
   * Checks that a column holds token ids.
   *
   * @param source what messages call the input
   * @param option what sets the column
   * @throws InputException if it is absent, or has another type
   */
  public static void checkIds(StructType schema, String source, String name, String option) {
    checkPresent(schema, source, name, option);
    DataType type = schema.apply(name).dataType();
    boolean isOfIds =
        type instanceof ArrayType array
            && List.of(DataTypes.IntegerType, DataTypes.LongType).contains(array.elementType());
    if (!isOfIds) {
      throw new InputException(
          "Cannot read token ids from %s: column '%s' is %s, not ARRAY<INT> or ARRAY<BIGINT>. Set %s."
              .formatted(source, name, type.sql(), option));
    }
  }

  static void checkPresent(StructType schema, String source, String name, String option) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new InputException(
          "Cannot read %s: no column '%s'. Columns found: %s. %sSet %s."
              .formatted(source, name, found(schema), suggestion(schema, name), option));
    }
  }

  static String suggestion(StructType schema, String name) {
    for (String found : schema.fieldNames()) {
      if (found.strip().equalsIgnoreCase(name)) {
        return "Did you mean '%s'? ".formatted(found);
      }
    }
    List<String> names = names(schema);
    String only = names.size() == 1 ? names.get(0) : "";
    return SEPARATORS.stream()
        .filter(only::contains)
        .findFirst()
        .map(separator -> separator.replace("\t", "\\t"))
        .map("If that separates its columns, set --option 'sep=%s'. "::formatted)
        .orElse("");
  }

  static String found(StructType schema) {
    List<String> names = names(schema);
    return names.isEmpty() ? "none (is the file empty?)" : String.join(", ", names);
  }

  private static List<String> names(StructType schema) {
    return Arrays.stream(schema.fieldNames())
        .filter(name -> !name.equals(Reader.MALFORMED_RECORD) && !name.equals(Texts.ALONG))
        .toList();
  }
}
