package swarmformer.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.decode;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import swarmformer.errors.InputException;

/** Lines of text files, or files as one text each. */
final class TextLines {
  static final String TEXT = "text";
  private static final String VALUE = "value";

  private TextLines() {}

  /**
   * Reads lines, in the encoding that is named: Spark takes it for the line ends only.
   *
   * @return column {@value #TEXT}, and those of partitions
   */
  static Dataset<Row> read(SparkSession spark, InputFiles files, Map<String, String> given) {
    return read(spark, files, files.paths(), given);
  }

  /** Reads some of the paths only. */
  static Dataset<Row> read(
      SparkSession spark, InputFiles files, String[] paths, Map<String, String> given) {
    Map<String, String> options = new HashMap<>(given);
    String encoding = ReadOptions.get(options, "encoding");
    boolean wide = encoding.toUpperCase(Locale.ROOT).matches("UTF-?(16|32).*");
    boolean lines = !ReadOptions.isTrue(options, "wholetext");
    if (wide && lines && !encoding.toUpperCase(Locale.ROOT).endsWith("E")) {
      throw new InputException(
          "Cannot read lines of %s in %s: it does not say which byte of a character is first. Set --option encoding=%sLE or %sBE."
              .formatted(files.name(), encoding, encoding, encoding));
    }
    if (wide && lines && !ReadOptions.has(options, "lineSep")) {
      options.put("lineSep", "\n");
    }
    StructType value = new StructType().add(VALUE, DataTypes.StringType);
    Column text = encoding.isEmpty() ? col(VALUE) : decode(col(VALUE).cast("binary"), encoding);
    return spark
        .read()
        .options(options)
        .schema(files.withPartitions(value))
        .text(paths)
        .withColumn(VALUE, text)
        .withColumnRenamed(VALUE, TEXT);
  }
}
