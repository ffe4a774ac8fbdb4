package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import swarmformer.errors.InputException;

/**
 * JSON files with any number of documents on a line, or in a file where {@code multiLine} is set.
 * Spark's own reader takes the first document for all of the line or file.
 */
final class JsonFiles {
  /** Options of files, which mean nothing for a document. */
  private static final Set<String> OF_FILES =
      Set.of(
          "multiline",
          "linesep",
          "encoding",
          "charset",
          "recursivefilelookup",
          "basepath",
          "pathglobfilter",
          "modifiedbefore",
          "modifiedafter");

  /** A file is held in memory as a string. */
  private static final long MOST_BYTES = 1L << 30;

  private static final String DOCUMENT = "_document";
  private static final String FIELDS = "_fields";

  private final SparkSession spark;
  private final InputFiles files;
  private final TextSource source;
  private final boolean wholeFiles;

  JsonFiles(SparkSession spark, InputFiles files, TextSource source) {
    this.spark = spark;
    this.files = files;
    this.source = source;
    this.wholeFiles = ReadOptions.isTrue(source.readerOptions(), "multiLine");
  }

  /**
   * Reads them with a column that marks the records that do not parse.
   *
   * @throws InputException if no record parses, or a file is too large to be read as one
   */
  Dataset<Row> read() {
    if (wholeFiles) {
      files.statuses().forEach(JsonFiles::refuseLarge);
    }
    FileHeads.read(
        spark, files.statuses(), head -> true, ReadOptions.get(source.readerOptions(), "encoding"));
    Map<String, String> options = ReadOptions.without(source.readerOptions(), OF_FILES);
    Dataset<Row> documents = documents();
    options.put("columnNameOfCorruptRecord", Reader.MALFORMED_RECORD);
    StructType found = found(documents, options);
    Column parsed =
        from_json(col(DOCUMENT).getField(JsonDocuments.TEXT), Reader.withMalformed(found), options);
    List<Column> columns = new ArrayList<>();
    for (StructField field : found.fields()) {
      columns.add(col(FIELDS).getField(field.name()).as(field.name()));
    }
    columns.add(malformed().as(Reader.MALFORMED_RECORD));
    files.partitionColumns().forEach(name -> columns.add(Columns.quoted(name)));
    return documents.withColumn(FIELDS, parsed).select(columns.toArray(Column[]::new));
  }

  private static void refuseLarge(FileStatus file) {
    if (file.getLen() > MOST_BYTES) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot read %s with multiLine=true: its %d bytes would be held in memory at once. Write one object a line, as jq -c '.[]' does.",
              file.getPath(),
              file.getLen()));
    }
  }

  private Dataset<Row> documents() {
    Map<String, String> options = new HashMap<>(source.readerOptions());
    options.put("wholetext", String.valueOf(wholeFiles));
    JsonDocuments split = JsonDocuments.of(source.readerOptions(), wholeFiles);
    List<Column> columns = new ArrayList<>();
    columns.add(explode(udf(split, JsonDocuments.SCHEMA).apply(col(TextLines.TEXT))).as(DOCUMENT));
    files.partitionColumns().forEach(name -> columns.add(Columns.quoted(name)));
    return TextLines.read(spark, files, options).select(columns.toArray(Column[]::new));
  }

  /** The columns of all documents. */
  private StructType found(Dataset<Row> documents, Map<String, String> options) {
    Dataset<String> texts =
        documents.select(col(DOCUMENT).getField(JsonDocuments.TEXT)).as(Encoders.STRING());
    List<StructField> fields =
        new ArrayList<>(List.of(spark.read().options(options).json(texts).schema().fields()));
    List<String> partitions = files.partitionColumns();
    fields.removeIf(
        field -> partitions.contains(field.name()) || field.name().equals(Reader.MALFORMED_RECORD));
    if (fields.isEmpty()) {
      throw new InputException(
          "Cannot read %s: no line is a JSON object. Check the file, or set --option multiLine=true if documents have several lines."
              .formatted(source.name()));
    }
    return new StructType(fields.toArray(StructField[]::new));
  }

  private static Column malformed() {
    Column document = col(DOCUMENT);
    return coalesce(
        col(FIELDS).getField(Reader.MALFORMED_RECORD),
        when(document.getField(JsonDocuments.BROKEN), document.getField(JsonDocuments.TEXT)));
  }
}
