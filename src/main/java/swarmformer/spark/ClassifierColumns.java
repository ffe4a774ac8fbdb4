package swarmformer.spark;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.PythonUserDefinedType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.ContentColumn;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;

/**
 * The columns that a stage reads and adds.
 *
 * @param content what is scored
 * @param contentParam the param that says so
 * @param idsGiven whether that is token ids
 * @param added the new columns
 */
record ClassifierColumns(String content, String contentParam, boolean idsGiven, List<Added> added) {
  /** Column that holds the row of the input while it is scored. */
  static final String ROW = "row";

  /** The names of its fields, by position: those of the input may be the same or differ in case. */
  static String[] fields(int count) {
    return IntStream.range(0, count).mapToObj(ClassifierColumns::field).toArray(String[]::new);
  }

  private static String field(int position) {
    return "c" + position;
  }

  /** The row of an input with these columns. */
  static Column row(StructType schema) {
    return struct(
        IntStream.range(0, schema.length())
            .mapToObj(
                i -> {
                  Column value = col(field(i));
                  boolean text = schema.apply(i).dataType() instanceof StringType;
                  return (text ? value.cast(DataTypes.BinaryType) : value).as(field(i));
                })
            .toArray(Column[]::new));
  }

  /** A column of the input, from its row: texts travel as bytes, which need not be UTF-8. */
  static Column ofRow(StructType schema, int position) {
    DataType type = schema.apply(position).dataType();
    Column value = col(ROW).getField(field(position));
    return type instanceof StringType ? value.cast(type) : value;
  }

  private static final String SOURCE = "the dataset";
  private static final StructType PREDICTION = PredictionColumns.addTo(new StructType(), false);

  private record Added(String param, StructField field, Column value) {
    String name() {
      return field.name();
    }
  }

  /** The columns that the params name. */
  static ClassifierColumns of(ClassifierParams stage) {
    boolean idsGiven = stage.isSet(stage.idsCol());
    if (idsGiven && stage.isSet(stage.inputCol())) {
      throw new InputException("idsCol and inputCol exclude each other: clear one of them.");
    }
    Param<String> content = idsGiven ? stage.idsCol() : stage.inputCol();
    DataType vector = SQLDataTypes.VectorType();
    List<Added> added =
        Stream.of(
                added(stage, stage.rawPredictionCol(), vector, true, vector(centred("logits"))),
                added(stage, stage.probabilityCol(), vector, true, vector(col("probabilities"))),
                added(
                    stage,
                    stage.predictionCol(),
                    DataTypes.DoubleType,
                    true,
                    col("prediction").cast(DataTypes.DoubleType)),
                added(stage, stage.outputCol(), PREDICTION, false, prediction()))
            .filter(column -> !column.name().isEmpty())
            .toList();
    return new ClassifierColumns(stage.getOrDefault(content), content.name(), idsGiven, added);
  }

  private static Added added(
      ClassifierParams stage, Param<String> param, DataType type, boolean nullable, Column value) {
    StructField field = DataTypes.createStructField(stage.getOrDefault(param), type, nullable);
    return new Added(param.name(), field, value);
  }

  /** Rows to score: what travels with each, and its text. */
  static Dataset<Row> texts(Dataset<Row> rows, Column row, Column content) {
    return rows.select(
        row.as(ROW),
        content.as(Texts.CONTENT),
        lit(false).as(Texts.MALFORMED),
        lit(null).cast("boolean").as(Texts.LABEL_KNOWN));
  }

  private static Column vector(Column numbers) {
    return when(numbers.isNotNull(), array_to_vector(numbers));
  }

  /**
   * Logits less their mean, which have the same softmax. Of two classes, the evaluators of MLlib
   * rank rows by the second number alone: only so does it rank them as their probabilities do.
   */
  private static Column centred(String logits) {
    Column sum = aggregate(col(logits), lit(0.0), (before, logit) -> before.plus(logit));
    return transform(col(logits), logit -> logit.minus(sum.divide(size(col(logits)))));
  }

  private static Column prediction() {
    return struct(
        Arrays.stream(PREDICTION.fieldNames()).map(name -> col(name)).toArray(Column[]::new));
  }

  /**
   * Adds the new columns to a schema.
   *
   * @throws InputException if a column is missing, of the wrong type, or there already, or if it is
   *     not clear what to score
   */
  StructType addTo(StructType schema) {
    if (Collections.frequency(Arrays.asList(schema.fieldNames()), content) > 1) {
      throw new InputException(
          "Cannot read %s: it has several columns named '%s'. Rename all but one, or set %s to another."
              .formatted(SOURCE, content, contentParam));
    }
    if (idsGiven) {
      ContentColumn.checkIds(schema, SOURCE, content, contentParam);
    } else {
      ContentColumn.checkTexts(schema, SOURCE, content, contentParam);
    }
    for (StructField field : schema.fields()) {
      if (isOfPython(field.dataType())) {
        throw new InputException(
            "Cannot carry column '%s' of %s along: Python alone knows its type. Drop it before, or select its fields."
                .formatted(field.name(), SOURCE));
      }
    }
    StructType result = schema;
    List<Added> before = new ArrayList<>();
    for (Added column : added) {
      checkNew(column, schema, before);
      before.add(column);
      result = result.add(column.field());
    }
    return result;
  }

  /** Whether a type has a part that Python alone knows, so that no value of it can be made here. */
  static boolean isOfPython(DataType type) {
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields()).anyMatch(field -> isOfPython(field.dataType()));
    }
    if (type instanceof MapType map) {
      return isOfPython(map.keyType()) || isOfPython(map.valueType());
    }
    return type instanceof ArrayType array
        ? isOfPython(array.elementType())
        : type instanceof PythonUserDefinedType;
  }

  private static void checkNew(Added column, StructType schema, List<Added> before) {
    if (Arrays.stream(schema.fieldNames()).anyMatch(column.name()::equalsIgnoreCase)) {
      throw new InputException(
          "Cannot add column '%s' to %s: it has one of that name. Set %s to another name, or to '' to leave it out."
              .formatted(column.name(), SOURCE, column.param()));
    }
    for (Added other : before) {
      if (other.name().equalsIgnoreCase(column.name())) {
        throw new InputException(
            "Cannot add two columns named '%s': they are %s and %s. Set one to another name, or to '' to leave it out."
                .formatted(column.name(), other.param(), column.param()));
      }
    }
  }

  /**
   * Makes the rows of the input with the new columns, from scored ones.
   *
   * @param schema of the input, whose metadata its rows have lost on their way
   */
  Dataset<Row> select(Dataset<Row> scored, StructType schema) {
    Stream<Column> kept =
        IntStream.range(0, schema.length())
            .mapToObj(
                i -> {
                  StructField field = schema.apply(i);
                  return ofRow(schema, i).as(field.name(), field.metadata());
                });
    Stream<Column> values = added.stream().map(column -> column.value().as(column.name()));
    return scored.select(Stream.concat(kept, values).toArray(Column[]::new));
  }
}
