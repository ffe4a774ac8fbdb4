package swarmformer.data;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;
import swarmformer.errors.InputException;

/**
 * Parquet files with the columns of all of them. Spark takes those of one file, or unites those of
 * all, if it knows every type; here a column that it cannot read is refused only if it is asked
 * for.
 */
final class ParquetFiles {
  /** More files are opened by the executors. */
  private static final int MOST_ON_DRIVER = 16;

  private static final int FILES_OF_A_TASK = 64;

  /** A type that Spark 4.1 knows and does not read yet, of a column or a field of it. */
  private static final String TIME = ".*\\btime\\(\\d.*";

  private static final String NANOS_AS_LONG = "spark.sql.legacy.parquet.nanosAsLong";
  private static final int NANOS_OF_A_MICRO = 1_000;

  private final SparkSession spark;
  private final InputFiles files;
  private final TextSource source;

  /** A type of Parquet that Spark does not know, and reads as another that is then converted. */
  private enum Conversion {
    NONE,
    NANOS,
    NANOS_NTZ,
    UUID
  }

  /**
   * A column.
   *
   * @param type what Spark reads; null if it cannot
   * @param file where it was found
   * @param problem why it cannot be read; null if it can
   */
  private record Found(
      String name, DataType type, Conversion conversion, String file, String problem) {}

  private final Map<String, Found> columns = new LinkedHashMap<>();

  ParquetFiles(SparkSession spark, InputFiles files, TextSource source) {
    this.spark = spark;
    this.files = files;
    this.source = source;
  }

  /**
   * Reads them.
   *
   * @throws InputException if a file is damaged, or a column that is asked for cannot be read
   */
  Dataset<Row> read() {
    schemas().forEach(this::add);
    columns.values().forEach(this::refuseIfWanted);
    List<Found> readable =
        columns.values().stream().filter(column -> column.problem() == null).toList();
    StructType schema = new StructType();
    for (Found column : readable) {
      schema = schema.add(column.name(), column.type());
    }
    if (readable.stream().anyMatch(column -> column.type().equals(DataTypes.LongType))) {
      spark.conf().set(NANOS_AS_LONG, "true");
    }
    Dataset<Row> rows =
        spark
            .read()
            .options(source.readerOptions())
            .schema(files.withPartitions(schema))
            .parquet(files.paths());
    for (Found column : readable) {
      rows =
          switch (column.conversion()) {
            case NONE -> rows;
            case NANOS ->
                rows.withColumn(column.name(), timestamp(column, DataTypes.TimestampType));
            case NANOS_NTZ ->
                rows.withColumn(column.name(), timestamp(column, DataTypes.TimestampNTZType));
            case UUID -> rows.withColumn(column.name(), uuid(column));
          };
    }
    return rows;
  }

  /** The schemas that files have, each with one of them. */
  private Map<String, String> schemas() {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> paths =
        files.statuses().stream().map(file -> file.getPath().toString()).sorted().toList();
    Map<String, String> schemas = new LinkedHashMap<>();
    if (paths.size() <= MOST_ON_DRIVER) {
      paths.forEach(path -> schemas.putIfAbsent(schema(path, hadoop.value()), path));
    } else {
      int tasks = (paths.size() + FILES_OF_A_TASK - 1) / FILES_OF_A_TASK;
      context
          .parallelize(paths, Math.max(tasks, context.defaultParallelism()))
          .mapToPair(path -> new Tuple2<>(schema(path, hadoop.value()), path))
          .reduceByKey((one, other) -> one.compareTo(other) < 0 ? one : other)
          .collect()
          .stream()
          .sorted((one, other) -> one._2().compareTo(other._2()))
          .forEach(schema -> schemas.put(schema._1(), schema._2()));
    }
    return schemas;
  }

  private static String schema(String path, Configuration hadoop) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(path), hadoop))) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      return new MessageType("schema", renamed(schema, ParquetFiles::encoded)).toString();
    } catch (IOException | RuntimeException e) { // Parquet throws both for what is not Parquet
      throw Failures.ofReadingFile(path, e);
    }
  }

  /** Fields with other names: Parquet's text of a schema has no room for spaces in them. */
  private static List<Type> renamed(GroupType group, UnaryOperator<String> names) {
    return group.getFields().stream().map(field -> renamed(field, names)).toList();
  }

  private static Type renamed(Type type, UnaryOperator<String> names) {
    String name = names.apply(type.getName());
    if (!type.isPrimitive()) {
      GroupType group = type.asGroupType();
      return Types.buildGroup(group.getRepetition())
          .as(group.getLogicalTypeAnnotation())
          .addFields(renamed(group, names).toArray(Type[]::new))
          .named(name);
    }
    PrimitiveType primitive = type.asPrimitiveType();
    return Types.primitive(primitive.getPrimitiveTypeName(), primitive.getRepetition())
        .length(primitive.getTypeLength())
        .as(primitive.getLogicalTypeAnnotation())
        .named(name);
  }

  private static String encoded(String name) {
    return "n" + HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String name) {
    return new String(HexFormat.of().parseHex(name.substring(1)), StandardCharsets.UTF_8);
  }

  private void add(String schema, String file) {
    Map<String, String> names = new HashMap<>();
    for (Type field : renamed(MessageTypeParser.parseMessageType(schema), ParquetFiles::decoded)) {
      String twin = names.put(field.getName().toLowerCase(Locale.ROOT), field.getName());
      if (twin != null) {
        throw new InputException(
            "Cannot read %s: its columns '%s' and '%s' differ in case only, and Spark takes one for the other. Rename one of them."
                .formatted(file, twin, field.getName()));
      }
      if (!files.isPartition(field.getName())) {
        Found found = found(field, file);
        columns.merge(field.getName().toLowerCase(Locale.ROOT), found, ParquetFiles::united);
      }
    }
  }

  private static Found found(Type field, String file) {
    LogicalTypeAnnotation annotation = field.getLogicalTypeAnnotation();
    if (annotation instanceof TimestampLogicalTypeAnnotation time
        && time.getUnit() == TimeUnit.NANOS) {
      Conversion nanos = time.isAdjustedToUTC() ? Conversion.NANOS : Conversion.NANOS_NTZ;
      return new Found(field.getName(), DataTypes.LongType, nanos, file, null);
    }
    if (annotation instanceof UUIDLogicalTypeAnnotation) {
      return new Found(field.getName(), DataTypes.BinaryType, Conversion.UUID, file, null);
    }
    try {
      DataType type =
          new ParquetToSparkSchemaConverter(SQLConf.get())
              .convert(new MessageType("columns", field))
              .apply(0)
              .dataType()
              .asNullable();
      return type.catalogString().matches(TIME)
          ? unreadable(field, file)
          : new Found(field.getName(), type, Conversion.NONE, file, null);
    } catch (Exception e) { // a checked exception of Spark that Java does not see
      return unreadable(field, file);
    }
  }

  private static Found unreadable(Type field, String file) {
    String type = field.isPrimitive() ? field.toString().strip() : "a group with an unknown type";
    return new Found(
        field.getName(),
        null,
        Conversion.NONE,
        file,
        "Spark does not read its type (" + type + ")");
  }

  private static Found united(Found one, Found other) {
    if (one.problem() != null || other.problem() != null) {
      return one.problem() != null ? one : other;
    }
    Optional<DataType> type =
        one.conversion() == other.conversion()
            ? united(one.type(), other.type())
            : Optional.empty();
    return type.map(t -> new Found(one.name(), t, one.conversion(), one.file(), null))
        .orElseGet(() -> clash(one, other));
  }

  private static Optional<DataType> united(DataType one, DataType other) {
    if (one.equals(other) || Columns.isWider(other, one)) {
      return Optional.of(one);
    }
    if (Columns.isWider(one, other)) {
      return Optional.of(other);
    }
    if (one instanceof StructType first && other instanceof StructType second) {
      try {
        return Optional.of(first.merge(second, false));
      } catch (Exception e) { // a checked exception of Spark that Java does not see
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Found clash(Found one, Found other) {
    String problem =
        "it is %s in %s and %s in %s"
            .formatted(one.type().sql(), one.file(), other.type().sql(), other.file());
    return new Found(one.name(), null, Conversion.NONE, one.file(), problem);
  }

  private void refuseIfWanted(Found column) {
    boolean wanted = source.names(column.name()) || source.inspects(column.name());
    if (wanted && column.problem() != null) {
      throw new InputException(
          "Cannot read column '%s' of %s: %s. Leave the column out, or write it with another type."
              .formatted(column.name(), source.name(), column.problem()));
    }
  }

  /** Spark counts microseconds: what they can say is read, and nothing else. */
  private static Column timestamp(Found column, DataType type) {
    Column nanos = Columns.quoted(column.name());
    Column rest = nanos.mod(NANOS_OF_A_MICRO);
    Column micros = call_function("div", nanos, lit(NANOS_OF_A_MICRO));
    String message =
        "column '%s' has times finer than a microsecond, which Spark cannot hold. Round them, or leave it out."
            .formatted(column.name());
    return when(nanos.isNull().or(rest.equalTo(0)), timestamp_micros(micros).cast(type))
        .otherwise(raise_error(lit(message)).cast(type));
  }

  /** As text, as everyone writes it. */
  private static Column uuid(Found column) {
    return regexp_replace(
        lower(hex(Columns.quoted(column.name()))),
        "(.{8})(.{4})(.{4})(.{4})(.{12})",
        "$1-$2-$3-$4-$5");
  }
}
