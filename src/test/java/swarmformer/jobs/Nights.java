package swarmformer.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the tests of nights share: inputs, runs in this JVM, and a look at what a store holds. */
final class Nights {
  private Nights() {}

  /** Writes a file of lines {@code id,text}. */
  static Path input(Path folder, String name, String... lines) {
    List<String> all = new ArrayList<>(List.of("id,text"));
    all.addAll(List.of(lines));
    try {
      return Files.write(folder.resolve(name), all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the job with the Spark that is open. */
  static Ran run(Path store, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("--store", store));
    all.addAll(List.of(arguments));
    return Ran.of(new ScoreNightly(), all.toArray());
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

  /** All rows of a store, as a user of its format reads them. */
  static Dataset<Row> all(SparkSession spark, String format, Path store) {
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
