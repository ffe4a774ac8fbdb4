package swarmformer.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.decode;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Opens a source with Spark's readers, so that no record is dropped or changed in silence. */
final class Reader {
  /** Holds the text of a CSV or JSON record that could not be parsed, null for the others. */
  static final String MALFORMED_RECORD = "_malformed_record";

  /** {@code train/pos/123_7.txt} of the Large Movie Review Dataset. */
  private static final String IMDB_FILE = "(?:/(train|test))?/(pos|neg)/(\\d+)_(\\d+)\\.txt$";

  private Reader() {}

  /** Opens the table or the files that a source names. */
  static Dataset<Row> open(SparkSession spark, TextSource source) throws IOException {
    if (source.table().isPresent()) {
      return spark.read().options(source.readerOptions()).table(source.table().get());
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    InputFiles files = InputFiles.find(source.paths(), hadoop);
    files.refuseEmptyFolders();
    String format = source.format().orElseGet(files::format).toLowerCase(Locale.ROOT);
    return switch (format) {
      case "csv", "json" -> records(spark, source, format);
      case "text" -> lines(spark, source);
      case InputFiles.IMDB -> imdb(spark, files, hadoop);
      default -> spark.read().options(source.readerOptions()).format(format).load(paths(source));
    };
  }

  private static String[] paths(TextSource source) {
    return source.paths().toArray(String[]::new);
  }

  /** Reads lines, in the encoding that is named: Spark takes it for the line ends only. */
  private static Dataset<Row> lines(SparkSession spark, TextSource source) {
    String encoding = lookup(source.readerOptions(), "encoding");
    Dataset<Row> lines = spark.read().options(source.readerOptions()).text(paths(source));
    Column text = encoding.isEmpty() ? col("value") : decode(col("value").cast("binary"), encoding);
    return lines.withColumn("value", text).withColumnRenamed("value", "text");
  }

  /** Reads CSV or JSON with a column that marks the records that do not parse. */
  private static Dataset<Row> records(SparkSession spark, TextSource source, String format) {
    Map<String, String> options = recordOptions(source, format);
    DataFrameReader reader = spark.read().options(options).format(format);
    StructType found = reader.load(paths(source)).schema();
    List<StructField> fields = new ArrayList<>(List.of(found.fields()));
    fields.removeIf(field -> field.name().equals(MALFORMED_RECORD));
    if (fields.isEmpty()) {
      throw new DataException(nothingParses(source, format));
    }
    fields.add(DataTypes.createStructField(MALFORMED_RECORD, DataTypes.StringType, true));
    return spark
        .read()
        .options(options)
        .format(format)
        .schema(DataTypes.createStructType(fields))
        .load(paths(source));
  }

  private static Map<String, String> recordOptions(TextSource source, String format) {
    Map<String, String> options = new HashMap<>();
    if (format.equals("csv")) {
      options.put("header", "true");
      options.put("multiLine", "true"); // reviews have line breaks
      options.put("escape", "\""); // RFC 4180: a quote inside quotes is doubled
      options.put("enforceSchema", "false"); // files with other columns are refused
      boolean tabs = InputFiles.ending(source.paths().get(0)).equals("tsv");
      options.put("sep", tabs ? "\t" : ",");
    }
    options.putAll(source.readerOptions());
    if ("DROPMALFORMED".equalsIgnoreCase(lookup(options, "mode"))) {
      throw new DataException(
          "Cannot read "
              + source.name()
              + " with mode=DROPMALFORMED: rows would be lost. Leave the option out: such rows get an error.");
    }
    options.put("columnNameOfCorruptRecord", MALFORMED_RECORD);
    return options;
  }

  private static String lookup(Map<String, String> options, String name) {
    return options.entrySet().stream()
        .filter(option -> option.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static String nothingParses(TextSource source, String format) {
    return format.equals("csv")
        ? "Cannot read %s: the file is empty, without even a header. Check the path."
            .formatted(source.name())
        : "Cannot read %s: no line is a JSON object. Check the file, or set --option multiLine=true if each file is one JSON array."
            .formatted(source.name());
  }

  /** Columns id, text, label and rating of the files in pos and neg folders. */
  private static Dataset<Row> imdb(SparkSession spark, InputFiles files, Configuration hadoop)
      throws IOException {
    List<String> folders = new ArrayList<>();
    for (Path path : files.paths()) {
      folders.addAll(ImdbFolders.of(path, hadoop));
    }
    Column file = col("_metadata.file_path");
    Column split = regexp_extract(file, IMDB_FILE, 1);
    Column folder = regexp_extract(file, IMDB_FILE, 2);
    Column number = regexp_extract(file, IMDB_FILE, 3);
    return spark
        .read()
        .option("wholetext", "true")
        .option("pathGlobFilter", "*.txt")
        .text(folders.toArray(String[]::new))
        .select(
            concat_ws("/", when(split.notEqual(""), split), folder, number).as("id"),
            col("value").as("text"),
            when(folder.equalTo("pos"), 1).otherwise(0).as("label"),
            regexp_extract(file, IMDB_FILE, 4).try_cast("int").as("rating"));
  }
}
