package swarmformer.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lower;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import swarmformer.errors.InputException;

/**
 * The columns of an input that a run uses, by their names there.
 *
 * @param content texts or token ids
 * @param id ids, if the input has them
 * @param label labels, if the input has them
 * @param labelMap what the labels mean, if that was told
 * @param keep columns to carry along
 * @param hasMalformed whether unparsable records are marked
 */
public record Columns(
    String content,
    Optional<String> id,
    Optional<StructField> label,
    Optional<LabelMap> labelMap,
    List<String> keep,
    boolean hasMalformed) {
  /** Types that Spark reads as the other, if a file has it so. */
  private static final List<List<DataType>> WIDER =
      List.of(
          List.of(DataTypes.IntegerType, DataTypes.LongType),
          List.of(DataTypes.FloatType, DataTypes.DoubleType),
          List.of(DataTypes.IntegerType, DataTypes.DoubleType));

  /**
   * Finds the columns.
   *
   * @throws InputException if one that was named is absent, or has the wrong type
   */
  static Columns resolve(StructType schema, TextSource source) {
    Optional<String> id = optional(schema, source, source.idColumn(), "id", "--id-col");
    Optional<StructField> label =
        optional(schema, source, source.labelColumn(), "label", "--label-col")
            .map(name -> schema.apply(name));
    label.ifPresent(field -> Labels.checkType(field, source.name()));
    return new Columns(
        content(schema, source),
        id,
        label,
        source.labelMap(),
        keep(schema, source, id, label),
        has(schema, Reader.MALFORMED_RECORD));
  }

  /** Whether {@link #resolve} finds them. */
  static boolean areIn(StructType schema, TextSource source) {
    try {
      resolve(schema, source);
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  /**
   * The columns of a source of labels.
   *
   * @param id as text, given or made
   * @param hasMalformed whether unparsable records are marked
   */
  record OfLabels(Column id, StructField label, boolean hasMalformed) {}

  /**
   * Finds the ids and labels of a source that needs no texts.
   *
   * @throws InputException if there are no labels, or neither ids nor the texts to make them from
   */
  static OfLabels ofLabels(StructType schema, TextSource source) {
    String name = required(schema, source, source.labelName(), "--label-col");
    StructField label = schema.apply(name);
    Labels.checkType(label, source.name());
    boolean hasMalformed = has(schema, Reader.MALFORMED_RECORD);
    Column id =
        optional(schema, source, source.idColumn(), "id", "--id-col")
            .map(column -> text(schema, column))
            .orElseGet(() -> Texts.madeId(textsToIdentify(schema, source), hasMalformed));
    return new OfLabels(id, label, hasMalformed);
  }

  private static String textsToIdentify(StructType schema, TextSource source) {
    String texts = source.textName();
    if (source.textColumn().isEmpty() && !has(schema, texts)) {
      throw new InputException(
          "Cannot find the rows that the labels of %s are for: no column 'id', and no column 'text' to make ids from. Columns found: %s. Set --id-col."
              .formatted(source.name(), ContentColumn.found(schema)));
    }
    ContentColumn.checkTexts(schema, source.name(), texts, "--text-col");
    return texts;
  }

  /** A column by its exact name, dots included. */
  public static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Whether one type holds all values of another. */
  public static boolean isWider(DataType narrow, DataType wide) {
    return WIDER.contains(List.of(narrow, wide));
  }

  /** The ids of predictions or texts as text: bytes, which are none, in hexadecimal. */
  public static Column idText(Dataset<Row> rows) {
    return text(rows.schema(), "id");
  }

  private static Column text(StructType schema, String name) {
    return schema.apply(name).dataType() instanceof BinaryType
        ? lower(hex(quoted(name)))
        : quoted(name).cast("string");
  }

  private static String content(StructType schema, TextSource source) {
    if (source.idsColumn().isPresent()) {
      String ids = source.idsColumn().get();
      ContentColumn.checkIds(schema, source.name(), ids, "--ids-col");
      return ids;
    }
    String texts = source.textName();
    ContentColumn.checkTexts(schema, source.name(), texts, "--text-col");
    return texts;
  }

  private static Optional<String> optional(
      StructType schema, TextSource source, Optional<String> named, String usual, String option) {
    if (named.isPresent()) {
      return Optional.of(required(schema, source, named.get(), option));
    }
    return has(schema, usual) ? Optional.of(usual) : Optional.empty();
  }

  private static List<String> keep(
      StructType schema, TextSource source, Optional<String> id, Optional<StructField> label) {
    boolean all = source.keepsAll();
    List<String> wanted = all ? List.of(schema.fieldNames()) : source.keep();
    Set<String> keep = new LinkedHashSet<>();
    for (String name : wanted) {
      boolean carriedAnyway =
          id.filter(name::equals).isPresent()
              || label
                  .map(StructField::name)
                  .filter(name::equals)
                  .filter("label"::equalsIgnoreCase)
                  .isPresent()
              || name.equals(Reader.MALFORMED_RECORD);
      if (!carriedAnyway) {
        keep.add(required(schema, source, name, "--keep"));
      }
    }
    checkClashes(keep, source);
    return List.copyOf(keep);
  }

  private static void checkClashes(Set<String> keep, TextSource source) {
    for (String name : keep) {
      if (PredictionColumns.isReserved(name)) {
        throw new InputException(
            "Cannot keep column '%s' of %s: predictions have a column of that name. Rename it or leave it out of --keep."
                .formatted(name, source.name()));
      }
    }
  }

  private static String required(StructType schema, TextSource source, String name, String option) {
    ContentColumn.checkPresent(schema, source.name(), name, option);
    return name;
  }

  private static boolean has(StructType schema, String name) {
    return Arrays.asList(schema.fieldNames()).contains(name);
  }
}
