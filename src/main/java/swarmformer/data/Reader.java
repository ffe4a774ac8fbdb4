package swarmformer.data;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.errors.InputException;

/** Opens a source with Spark's readers, so that no record is dropped or changed in silence. */
final class Reader {
  /** Holds the text of a CSV or JSON record that could not be parsed, null for the others. */
  static final String MALFORMED_RECORD = "_malformed_record";

  /** Formats whose files are read, whatever a log beside them says. */
  static final Set<String> OF_FILES =
      Set.of("csv", "json", "text", "parquet", "orc", DocumentFiles.IMDB, DocumentFiles.DOCUMENTS);

  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

  private Reader() {}

  /** Opens the table or the files that a source names. */
  static Dataset<Row> open(SparkSession spark, TextSource source) throws IOException {
    return open(spark, source, Optional.empty());
  }

  /** Opens the rows of a date, or all. Directories of other dates are passed over. */
  static Dataset<Row> open(SparkSession spark, TextSource source, Optional<DateFilter> dates)
      throws IOException {
    if (dates.isEmpty()) {
      return unfiltered(spark, source, dates);
    }
    TextSource dated = source.withInspected(dates.get().columns());
    return dates.get().apply(unfiltered(spark, dated, dates));
  }

  private static Dataset<Row> unfiltered(
      SparkSession spark, TextSource source, Optional<DateFilter> dates) throws IOException {
    refuseLosses(source);
    if (source.table().isPresent()) {
      return spark.read().options(source.readerOptions()).table(source.table().get());
    }
    if (source.paths().isEmpty()) {
      return spark
          .read()
          .options(source.readerOptions())
          .format(source.format().orElseThrow())
          .load();
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Optional<String> named = source.format().map(name -> name.toLowerCase(Locale.ROOT));
    if (named.isPresent() && !OF_FILES.contains(named.get())) {
      InputFiles found = InputFiles.find(source, hadoop);
      return ofOtherFormat(spark, source, found);
    }
    if (dates.isPresent()) {
      for (TextSource part : new DatePartitions(spark, source, dates.get()).narrowed()) {
        Optional<Dataset<Row>> rows = ofDate(spark, part, InputFiles.find(part, hadoop), named);
        if (rows.isPresent()) {
          return rows.get();
        }
      }
    }
    return files(spark, source, InputFiles.find(source, hadoop), named);
  }

  /** What directories of a date hold; absent if they do not tell all columns and their types. */
  private static Optional<Dataset<Row>> ofDate(
      SparkSession spark, TextSource source, InputFiles found, Optional<String> named)
      throws IOException {
    if (needsAllTypes(source, found, named)) {
      return Optional.empty();
    }
    try {
      Dataset<Row> rows = files(spark, source, found, named);
      boolean lacksColumns = isJson(found, named) && !Columns.areIn(rows.schema(), source);
      return lacksColumns ? Optional.empty() : Optional.of(rows); // of few objects, none has all
    } catch (NoColumnsException e) {
      LOG.info("Columns are those of other dates: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isJson(InputFiles found, Optional<String> named) {
    return named.orElseGet(found::format).equals("json");
  }

  /** Of a format that Spark or a jar of the user reads: if from files, from all of them. */
  private static Dataset<Row> ofOtherFormat(
      SparkSession spark, TextSource source, InputFiles found) {
    Dataset<Row> rows =
        spark
            .read()
            .options(source.readerOptions())
            .format(source.format().orElseThrow())
            .load(found.paths());
    List<LogicalPlan> leaves =
        CollectionConverters.asJava(rows.queryExecution().analyzed().collectLeaves());
    if (found.logged().isEmpty()
        && leaves.stream().allMatch(leaf -> FileRelation.of(leaf).isPresent())) {
      found.checkAllRead(rows, found.all());
    }
    return rows;
  }

  /** Types that are inferred differ from date to date, and columns that are carried keep theirs. */
  private static boolean needsAllTypes(
      TextSource source, InputFiles found, Optional<String> named) {
    boolean carries = !source.keep().isEmpty() || source.labelColumn().isPresent();
    return carries
        && (ReadOptions.isTrue(source.readerOptions(), "inferSchema") || isJson(found, named));
  }

  private static Dataset<Row> files(
      SparkSession spark, TextSource source, InputFiles found, Optional<String> named)
      throws IOException {
    TableFolders.refuse(found, spark.sparkContext().hadoopConfiguration());
    InputFiles files = found.committed(spark);
    files.refuseMixedPartitions();
    String format = named.orElseGet(files::format);
    Dataset<Row> rows =
        switch (format) {
          case "csv" -> new CsvFiles(spark, files, source).read();
          case "json" -> new JsonFiles(spark, files, source).read();
          case "parquet" -> new ParquetFiles(spark, files, source).read();
          case "orc" -> orc(spark, files, source);
          case DocumentFiles.IMDB -> DocumentFiles.imdb(spark, files, source);
          case DocumentFiles.DOCUMENTS ->
              DocumentFiles.documents(spark, files, source.readerOptions());
          case "text" -> lines(spark, files, source);
          default -> throw new IllegalStateException("No reader of " + format);
        };
    if (!format.equals(DocumentFiles.IMDB)) {
      files.checkAllRead(rows, files.all());
    }
    return rows;
  }

  private static Dataset<Row> lines(SparkSession spark, InputFiles files, TextSource source) {
    FileHeads.check(spark, files.statuses(), ReadOptions.get(source.readerOptions(), "encoding"));
    return TextLines.read(spark, files, source.readerOptions());
  }

  /** Reads the columns of all files: by itself Spark takes those of one. */
  private static Dataset<Row> orc(SparkSession spark, InputFiles files, TextSource source) {
    Map<String, String> options = new HashMap<>();
    options.put("mergeSchema", "true");
    ReadOptions.addTo(options, source.readerOptions());
    StructType found = spark.read().options(options).orc(files.paths()).schema();
    StructType columns = new StructType();
    for (var field : found.fields()) {
      columns = files.isPartition(field.name()) ? columns : columns.add(field);
    }
    return spark.read().options(options).schema(files.withPartitions(columns)).orc(files.paths());
  }

  private static void refuseLosses(TextSource source) {
    Map<String, String> options = source.readerOptions();
    refuseLoss(
        source, options, "mode", "DROPMALFORMED", "Leave the option out: such rows get an error.");
    String advice = "Leave the option out, and name the files that can be read.";
    refuseLoss(source, options, "ignoreCorruptFiles", "true", advice);
    refuseLoss(source, options, "ignoreMissingFiles", "true", advice);
  }

  private static void refuseLoss(
      TextSource source, Map<String, String> options, String name, String value, String advice) {
    if (ReadOptions.get(options, name).equalsIgnoreCase(value)) {
      throw new InputException(
          "Cannot read %s with %s=%s: rows would be lost. %s"
              .formatted(source.name(), name, value, advice));
    }
  }

  /** Adds the column that marks the records that do not parse. */
  static StructType withMalformed(StructType columns) {
    return columns.add(MALFORMED_RECORD, DataTypes.StringType);
  }
}
