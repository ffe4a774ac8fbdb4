package swarmformer.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.LocalSpark;
import swarmformer.store.TableFormat;

/** What the tests of nights share: inputs, runs in this JVM, and a look at what a store holds. */
public final class Nights {
  private Nights() {}

  /** Writes a file of lines {@code id,text}. */
  public static Path input(Path folder, String name, String... lines) {
    List<String> all = new ArrayList<>(List.of("id,text"));
    all.addAll(List.of(lines));
    try {
      return Files.write(folder.resolve(name), all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a model into a new directory: the bundled one with another configuration. */
  static Path model(Path folder, UnaryOperator<String> config) throws IOException {
    Path bundled = Script.projectHome().resolve("models/small-imdb");
    Files.createDirectory(folder);
    Files.copy(bundled.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    String text = Files.readString(bundled.resolve("config.json"));
    Files.writeString(folder.resolve("config.json"), config.apply(text));
    return folder;
  }

  /** Runs the job on a store of plain Parquet. */
  public static Ran run(Path store, Object... arguments) {
    return run("parquet", store, arguments);
  }

  /** Runs the job with the Spark of {@link #session}, which it stops. */
  public static Ran run(String format, Path store, Object... arguments) {
    session(format); // its logs go to the standard error of now
    Stream<Object> options = Stream.of("--store", store, "--store-format", format);
    return Ran.of(new ScoreNightly(), Stream.concat(options, Stream.of(arguments)).toArray());
  }

  /** A row by its id: prediction, whether it was reused, error. */
  static Map<String, String> described(Dataset<Row> rows) {
    Map<String, String> described = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      String text =
          row.<String>getAs("sentiment")
              + (row.<Boolean>getAs("reused") ? " reused" : "")
              + (row.getAs("error") == null ? "" : " " + row.getAs("error"));
      described.merge(String.valueOf(row.<Object>getAs("id")), text, (a, b) -> a + " | " + b);
    }
    return described;
  }

  /** Opens a Spark with what a format of stores needs; there must be none of another format. */
  public static SparkSession session(String format) {
    if (format.equals("parquet")) {
      return LocalSpark.session();
    }
    SparkSession.Builder builder =
        LocalSpark.builder().config("spark.databricks.delta.snapshotPartitions", "2");
    TableFormat.valueOf(format.toUpperCase(Locale.ROOT)).settings().forEach(builder::config);
    return builder.getOrCreate();
  }

  /** The jars that a user would name for a format, from the class path of the tests. */
  public static String jars(String format) {
    return Stream.of(System.getProperty("java.class.path").split(":"))
        .filter(jar -> Path.of(jar).getFileName().toString().startsWith(format))
        .collect(Collectors.joining(","));
  }

  /** All rows of a store, as a user of its format reads them. */
  public static Dataset<Row> all(SparkSession spark, String format, Path store) {
    if (!format.equals("iceberg")) {
      return spark.read().format(format).load(store + "/predictions");
    }
    spark.conf().set("spark.sql.catalog.nights", "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set("spark.sql.catalog.nights.type", "hadoop");
    spark.conf().set("spark.sql.catalog.nights.warehouse", store.toString());
    return spark.table("nights.predictions");
  }

  /** The rows of a night of plain Parquet. */
  static Dataset<Row> parquet(SparkSession spark, Path store, String date) {
    return spark.read().parquet(store + "/predictions").where("date = '" + date + "'");
  }
}
