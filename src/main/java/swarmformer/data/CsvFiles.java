package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.when;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.InputException;

/**
 * CSV files. The header of each is read beforehand, and all must name the same columns. Spark could
 * compare them, too, but refuses columns without a name and names that occur twice.
 */
final class CsvFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CsvFiles.class);
  private static final String CR = "\r";

  /** What Spark takes for an empty line where it reads line by line, and a record may be. */
  private static final String BLANK = "\\A[\\x00-\\x20]+\\z";

  /** Bytes of a file that several tasks should read. */
  private static final long WORTH_A_LOOK = 16L << 20;

  private final SparkSession spark;
  private final InputFiles files;
  private final TextSource source;
  private final Map<String, String> options = new HashMap<>();

  CsvFiles(SparkSession spark, InputFiles files, TextSource source) {
    this.spark = spark;
    this.files = files;
    this.source = source;
    options.put("header", "true");
    options.put("escape", "\""); // RFC 4180: a quote inside quotes is doubled
    options.put("enforceSchema", "true"); // headers have been compared
    options.put("sep", areTabSeparated() ? "\t" : ",");
    ReadOptions.addTo(options, source.readerOptions());
    options.put("columnNameOfCorruptRecord", Reader.MALFORMED_RECORD);
    // With pruning, Spark parses the columns in use alone, and takes a record of any length.
    options.put("columnPruning", "false");
    if (!ReadOptions.has(options, "multiLine")) {
      options.put("multiLine", String.valueOf(mayHaveRecordsOfSeveralLines()));
    }
  }

  /** Whether the user leaves to this program how values are quoted. */
  private boolean isUsual() {
    return Stream.of("quote", "escape", "lineSep", "encoding", "charset")
        .noneMatch(name -> ReadOptions.has(source.readerOptions(), name));
  }

  private void escapeByBackslashes() {
    LOG.info("Quotes in {} are escaped by backslashes", source.name());
    options.put("escape", "\\");
  }

  private void checkQuotes(CsvQuotes quotes) {
    List<CsvQuotes.Found> found = quotes.read(spark, files.statuses());
    if (isUsual()
        && CsvEscapes.areBackslashes(found.stream().map(CsvQuotes.Found::escapes).toList())) {
      escapeByBackslashes();
      found = CsvQuotes.of(options).orElseThrow().read(spark, files.statuses());
    }
    found.forEach(CsvQuotes.Found::check);
  }

  /**
   * Reviews have line breaks. Spark reads a file with such records in one task, so that a look at
   * the lines of large ones pays: where a record goes on, a line has an odd number of quotes. Where
   * it does not, Spark passes over lines of blanks, as of a record with empty values between tabs.
   */
  private boolean mayHaveRecordsOfSeveralLines() {
    boolean large =
        files.statuses().stream()
            .anyMatch(
                file ->
                    file.getLen() > WORTH_A_LOOK
                        && !Compression.isCompressed(file.getPath().getName()));
    if (!isUsual() || !large) {
      return true;
    }
    String[] paths =
        files.statuses().stream()
            .map(file -> InputPaths.quoted(file.getPath()))
            .toArray(String[]::new);
    Dataset<Row> lines = spark.read().text(paths);
    Column line = col("value");
    Column goesOn = hasOddQuotes(line).or(line.rlike(BLANK));
    String separator = ReadOptions.get(options, "sep");
    Column escaped =
        separator.matches("[^\\p{Alnum}]")
            ? line.contains("\\\"").and(line.rlike(CsvEscapes.backslashLine(separator)))
            : lit(false);
    if (!has(lines, goesOn.or(escaped))) { // one look at them, mostly
      return false;
    }
    if (has(lines, goesOn)) {
      return true;
    }
    if (has(lines, line.rlike(CsvEscapes.doubledLine(separator)))) {
      return false;
    }
    if (has(lines, hasOddQuotes(regexp_replace(line, "\\\\.", "")))) { // of quotes not escaped
      return true;
    }
    escapeByBackslashes();
    return false;
  }

  private static Column hasOddQuotes(Column line) {
    return length(line).minus(length(replace(line, lit("\"")))).mod(2).equalTo(1);
  }

  private static boolean has(Dataset<Row> lines, Column condition) {
    return !lines.where(condition).takeAsList(1).isEmpty();
  }

  private boolean areTabSeparated() {
    return files.statuses().stream()
        .allMatch(file -> FileNames.ending(file.getPath().getName()).equals("tsv"));
  }

  /**
   * Reads them with a column that marks the records that do not parse.
   *
   * @throws InputException if they are empty, have different columns, or a quote is never closed
   */
  Dataset<Row> read() {
    CsvHeader wanted = CsvHeader.of(options);
    List<FileHeads.Header> headers =
        FileHeads.headers(spark, files.statuses(), wanted, ReadOptions.get(options, "encoding"));
    StructType columns = new StructType();
    for (StructField field : columns(headers).fields()) {
      String name = inDirectoriesToo().getOrDefault(field.name(), field.name());
      columns = columns.add(name, field.dataType());
    }
    if (ReadOptions.isTrue(options, "multiLine")) {
      CsvQuotes.of(options).ifPresent(this::checkQuotes);
    }
    boolean anyLineEnd = mayReadAnyLineEnd(headers);
    if (anyLineEnd) {
      options.put("lineSep", "\n");
    }
    Dataset<Row> rows =
        spark
            .read()
            .options(options)
            .format("csv")
            .schema(files.withPartitions(Reader.withMalformed(columns)))
            .load(files.paths());
    Dataset<Row> records = anyLineEnd ? withoutReturns(rows, columns.fields()) : rows;
    return records.drop(inDirectoriesToo().values().toArray(String[]::new));
  }

  /**
   * Columns of partitions, and what they are called if they are in the files, too. There the names
   * of directories count, as Spark has it; it would take all columns behind them for the one
   * before.
   */
  private Map<String, String> inDirectoriesToo() {
    Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    files.partitionColumns().forEach(name -> names.put(name, name + " (in files)"));
    return names;
  }

  private StructType columns(List<FileHeads.Header> found) {
    Map<String, String> fileOfHeader = new LinkedHashMap<>();
    found.stream()
        .filter(header -> header.record() != null)
        .forEach(header -> fileOfHeader.putIfAbsent(header.record(), header.path()));
    if (fileOfHeader.isEmpty()) {
      throw new NoColumnsException(
          "Cannot read %s: the file is empty, without even a header. Check the path."
              .formatted(source.name()));
    }
    List<String> headers = List.copyOf(fileOfHeader.keySet());
    StructType first = named(headers.get(0));
    if (ReadOptions.isTrue(options, "header")) {
      headers.forEach(
          header ->
              compare(
                  first,
                  fileOfHeader.get(headers.get(0)),
                  named(header),
                  fileOfHeader.get(header)));
    }
    return ReadOptions.isTrue(options, "inferSchema") ? inferred() : first;
  }

  /** The columns that Spark makes of a header, or of a first record. */
  private StructType named(String record) {
    Map<String, String> plain = new HashMap<>(options);
    plain.keySet().removeIf("inferSchema"::equalsIgnoreCase);
    StructType columns =
        spark
            .read()
            .options(plain)
            .csv(spark.createDataset(List.of(record), Encoders.STRING()))
            .schema();
    return withoutMalformed(columns);
  }

  /** Without partitions, which may be among the columns of the files, too. */
  private StructType inferred() {
    return withoutMalformed(
        spark
            .read()
            .options(options)
            .option("recursiveFileLookup", "true")
            .csv(files.paths())
            .schema());
  }

  private static StructType withoutMalformed(StructType columns) {
    return new StructType(
        Stream.of(columns.fields())
            .filter(field -> !field.name().equals(Reader.MALFORMED_RECORD))
            .toArray(StructField[]::new));
  }

  private static void compare(StructType first, String firstFile, StructType other, String file) {
    String expected = String.join(", ", first.fieldNames());
    String found = String.join(", ", other.fieldNames());
    if (!expected.toLowerCase(Locale.ROOT).equals(found.toLowerCase(Locale.ROOT))) {
      throw new InputException(
          "Cannot read %s and %s together: CSV files have different columns (%s, and %s). Run once for each kind."
              .formatted(firstFile, file, expected, found));
    }
  }

  /**
   * Whether a line feed can end all lines, with or without a carriage return before it. Spark looks
   * for what ends the first line, and takes nothing else for an end of a line.
   */
  private boolean mayReadAnyLineEnd(List<FileHeads.Header> headers) {
    return !ReadOptions.has(options, "lineSep")
        && !ReadOptions.isTrue(options, "inferSchema")
        && headers.stream().noneMatch(FileHeads.Header::endsInReturn);
  }

  /** Takes the carriage returns from the ends of lines, and leaves out lines of nothing else. */
  private Dataset<Row> withoutReturns(Dataset<Row> rows, StructField[] columns) {
    StructField last = columns[columns.length - 1];
    Column malformed = col(Reader.MALFORMED_RECORD);
    Column blank = Columns.quoted(columns[0].name()).rlike("\\A\r+\\z");
    if (columns.length > 1) {
      blank = blank.and(malformed.isNotNull());
    }
    Dataset<Row> records =
        rows.where(not(coalesce(blank, lit(false))))
            .withColumn(Reader.MALFORMED_RECORD, rtrim(malformed, CR));
    return last.dataType() instanceof StringType
        ? records.withColumn(last.name(), withoutReturn(Columns.quoted(last.name())))
        : records;
  }

  private Column withoutReturn(Column value) {
    Column text = rtrim(value, CR);
    Column isNull = value.endsWith(CR).and(text.equalTo(ReadOptions.get(options, "nullValue")));
    return when(not(isNull), text);
  }
}
