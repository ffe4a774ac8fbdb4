package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import swarmformer.errors.InputException;

/**
 * JSON files with any number of documents on a line, or in a file where {@code multiLine} is set.
 * Spark's own reader takes the first document for all of the line or file.
 *
 * <p>What columns there are is found in all documents of a small input, and in some of a large one.
 * Nothing is lost by that: columns that nobody has named are read as text, whatever they hold, as
 * are numbered ids, and all documents are looked at if one that was named is not among those found.
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

  /** Bytes of files whose documents are all looked at for columns. */
  private static final long SMALL = 16L << 20;

  /** Documents of each split of a larger input that are looked at. */
  private static final int SAMPLE = 1_000;

  private static final DataType STRING = DataTypes.StringType;
  private static final DataType FRACTIONS = DataTypes.createArrayType(DataTypes.DoubleType);

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
    FileHeads.check(spark, files.statuses(), ReadOptions.get(source.readerOptions(), "encoding"));
    Map<String, String> options = ReadOptions.without(source.readerOptions(), OF_FILES);
    Dataset<Row> documents = documents();
    options.put("columnNameOfCorruptRecord", Reader.MALFORMED_RECORD);
    Dataset<String> texts =
        documents.select(col(DOCUMENT).getField(JsonDocuments.TEXT)).as(Encoders.STRING());
    Optional<StructType> sampled = sampled(texts, options);
    StructType found = typed(sampled.orElseGet(() -> found(texts, options)), sampled.isPresent());
    if (found.isEmpty()) {
      throw new NoColumnsException(
          "Cannot read %s: no line is a JSON object. Check the file, or set --option multiLine=true if documents have several lines."
              .formatted(source.name()));
    }
    List<String> unseen = sampled.isPresent() ? unseen(found, usual()) : List.of();
    StructType fields = new StructType();
    for (StructField field : found.fields()) {
      fields = fields.add(field.name(), isFraction(field) ? STRING : field.dataType());
    }
    for (String name : unseen) {
      fields = fields.add(name, STRING);
    }
    Column parsed =
        from_json(
            col(DOCUMENT).getField(JsonDocuments.TEXT), Reader.withMalformed(fields), options);
    List<Column> columns = new ArrayList<>();
    for (StructField field : found.fields()) {
      Column value = col(FIELDS).getField(field.name());
      columns.add((isFraction(field) ? fraction(value) : value).as(field.name()));
    }
    columns.add(malformed(found, unseen).as(Reader.MALFORMED_RECORD));
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

  /** The columns of some documents of a large input; absent if all have to be looked at. */
  private Optional<StructType> sampled(Dataset<String> documents, Map<String, String> options) {
    boolean large = files.statuses().stream().mapToLong(FileStatus::getLen).sum() > SMALL;
    if (!large || source.keepsAll() || ReadOptions.isTrue(options, "inferTimestamp")) {
      return Optional.empty();
    }
    StructType found = found(sample(documents), options);
    Set<String> named = new HashSet<>(source.keep());
    named.remove(Texts.ALONG); // of ours, made of others
    named.add(source.contentName());
    source.idColumn().ifPresent(named::add);
    source.labelColumn().ifPresent(named::add);
    Set<String> inspected = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    inspected.addAll(source.inspected());
    List.of(found.fieldNames()).forEach(inspected::remove); // removeAll may compare their case
    files.partitionColumns().forEach(inspected::remove);
    return inspected.isEmpty() && unseen(found, named).isEmpty()
        ? Optional.of(found)
        : Optional.empty();
  }

  /**
   * The columns as they are read.
   *
   * @param sampled whether documents that were not looked at may hold other types
   */
  private StructType typed(StructType found, boolean sampled) {
    StructType columns = new StructType();
    for (StructField field : found.fields()) {
      // Of fractions no dates are made: whoever takes their column for one is told so.
      boolean inspected =
          source.inspects(field.name()) && (!sampled || isFraction(field) || isNumbers(field));
      boolean asFound = (source.names(field.name()) || inspected) && !holdsNumberedIds(field);
      DataType type = sampled && inspected && isNumbers(field) ? FRACTIONS : field.dataType();
      columns = columns.add(field.name(), asFound ? type : STRING);
    }
    return columns;
  }

  /** Whether a column holds lists of numbers: others may be fractions where these are not. */
  private static boolean isNumbers(StructField field) {
    return field.dataType() instanceof ArrayType list && list.elementType() instanceof NumericType;
  }

  /** Whether a column holds IDs that are numbers so far: they become text, as others may be. */
  private boolean holdsNumberedIds(StructField field) {
    return field.dataType() instanceof NumericType
        && field.name().equals(source.idName())
        && !field.name().equals(source.contentName());
  }

  private static boolean isFraction(StructField field) {
    return field.dataType() instanceof DoubleType;
  }

  /** Of a fraction that was read as text: an empty text is none, and not a broken record. */
  private static Column fraction(Column text) {
    Column unquoted = regexp_replace(text, "^\"(.*)\"$", "$1"); // as NaN is written
    return when(text.notEqual(""), unquoted.try_cast(DataTypes.DoubleType));
  }

  /** Columns that count without being named. */
  private Set<String> usual() {
    Set<String> usual = new HashSet<>();
    if (source.idColumn().isEmpty()) {
      usual.add("id");
    }
    if (source.labelColumn().isEmpty()) {
      usual.add("label");
    }
    return usual;
  }

  private List<String> unseen(StructType found, Set<String> names) {
    Set<String> seen = new HashSet<>(List.of(found.fieldNames()));
    seen.addAll(files.partitionColumns());
    return names.stream().filter(name -> !seen.contains(name)).sorted().toList();
  }

  /** Reads no further in a split than it has to. */
  private static Dataset<String> sample(Dataset<String> documents) {
    MapPartitionsFunction<String, String> first =
        rest ->
            Stream.generate(() -> rest)
                .limit(SAMPLE)
                .takeWhile(Iterator::hasNext)
                .map(Iterator::next)
                .iterator();
    return documents.mapPartitions(first, Encoders.STRING());
  }

  private StructType found(Dataset<String> documents, Map<String, String> options) {
    List<StructField> fields =
        new ArrayList<>(List.of(spark.read().options(options).json(documents).schema().fields()));
    fields.removeIf(
        field -> files.isPartition(field.name()) || field.name().equals(Reader.MALFORMED_RECORD));
    Map<String, Long> spellings =
        fields.stream()
            .collect(
                Collectors.groupingBy(
                    field -> field.name().toLowerCase(Locale.ROOT), Collectors.counting()));
    // Of keys that differ in case alone, or are repeated, Spark cannot tell which is meant.
    fields.removeIf(
        field ->
            spellings.get(field.name().toLowerCase(Locale.ROOT)) > 1
                && !source.names(field.name())
                && !source.inspected().contains(field.name()));
    return new StructType(fields.toArray(StructField[]::new));
  }

  /**
   * Marks what is not a document.
   *
   * @param found columns, of which fractions are read as text
   * @param unseen columns that count without being named, and that no document of the sample has
   */
  private static Column malformed(StructType found, List<String> unseen) {
    Column broken = col(DOCUMENT).getField(JsonDocuments.BROKEN);
    for (StructField field : found.fields()) {
      if (isFraction(field)) {
        Column text = col(FIELDS).getField(field.name());
        broken = broken.or(text.notEqual("").and(fraction(text).isNull()));
      }
    }
    Column malformed =
        coalesce(
            col(FIELDS).getField(Reader.MALFORMED_RECORD),
            when(broken, col(DOCUMENT).getField(JsonDocuments.TEXT)));
    for (String name : unseen) {
      String message =
          String.format(
              Locale.ROOT,
              "an object has '%1$s', and none of the first %2$d of each split of the input has. Set --%1$s-col %1$s: then all are inspected for columns.",
              name,
              SAMPLE);
      malformed =
          when(col(FIELDS).getField(name).isNotNull(), raise_error(lit(message)).cast("string"))
              .otherwise(malformed);
    }
    return malformed;
  }
}
