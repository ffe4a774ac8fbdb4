package swarmformer.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.Date;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.cluster.SparkVersion;

/** Table formats that bring transactions of their own. Their classes come from a user's jars. */
public enum TableFormat {
  /** Delta Lake. */
  DELTA("Delta Lake", "io.delta.sql.DeltaSparkSessionExtension") {
    /** Manifests are in the log: by default Delta forgets those of a month ago. */
    private static final String LOG_RETENTION = "interval 3650 days";

    private static final String PATH = "delta.`";

    @Override
    String notInNames() {
      return " ,;{}()\n\t=";
    }

    @Override
    Map<String, String> artifacts() {
      return Map.of(
          "4.0", "io.delta:delta-spark_4.0_2.13:4.4.0",
          "4.1", "io.delta:delta-spark_4.1_2.13:4.4.0",
          "4.2", "io.delta:delta-spark_4.2_2.13:4.4.0");
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          "spark.sql.extensions",
          "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog",
          "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    }

    @Override
    String tableAt(SparkSession spark, String folder) {
      return PATH + folder + "/predictions`";
    }

    /**
     * Spark's catalog fails for a path without a table. Delta makes the directory of the log before
     * the first commit: it may be all that a killed process has left.
     */
    @Override
    boolean exists(SparkSession spark, String table) throws IOException {
      if (!table.startsWith(PATH)) {
        return super.exists(spark, table);
      }
      Path log = new Path(pathOf(table), "_delta_log");
      FileSystem files = log.getFileSystem(spark.sparkContext().hadoopConfiguration());
      try {
        return files.listStatus(log, file -> file.getName().endsWith(".json")).length > 0;
      } catch (FileNotFoundException e) {
        return false;
      }
    }

    private String pathOf(String table) {
      return table.substring(PATH.length(), table.length() - 1);
    }

    @Override
    Dataset<Row> history(SparkSession spark, String table) {
      return spark
          .sql("DESCRIBE HISTORY " + table)
          .orderBy(col("version").desc())
          .select(col("userMetadata").as(NOTES));
    }

    @Override
    void replace(Dataset<Row> rows, String table, LocalDate date, Optional<Manifest> manifest)
        throws Exception {
      DataFrameWriter<Row> writer =
          rows.write()
              .mode("overwrite")
              .partitionBy("date")
              .option("replaceWhere", "date = DATE'" + date + "'")
              .option("mergeSchema", "true");
      if (!exists(rows.sparkSession(), table)) {
        writer.option("delta.logRetentionDuration", LOG_RETENTION);
      }
      commit(writer, table, manifest);
    }

    /** The transaction's number makes a commit of it. */
    @Override
    void note(SparkSession spark, String table, Manifest manifest) {
      commit(spark.table(table).limit(0).write().mode("append"), table, Optional.of(manifest));
    }

    private void commit(DataFrameWriter<Row> rows, String table, Optional<Manifest> manifest) {
      DataFrameWriter<Row> writer = rows.format("delta");
      manifest.ifPresent(
          night ->
              writer
                  .option("userMetadata", night.toJson())
                  .option("txnAppId", "swarmformer date=" + night.date())
                  .option("txnVersion", String.valueOf(night.transaction())));
      if (table.startsWith(PATH)) {
        writer.save(pathOf(table));
      } else {
        writer.saveAsTable(table);
      }
    }
  },

  /** Apache Iceberg. */
  ICEBERG("Apache Iceberg", "org.apache.iceberg.spark.SparkCatalog") {
    private static final String MANIFEST = "swarmformer.manifest";
    private static final String CATALOG = "swarmformer_nights";

    @Override
    Map<String, String> artifacts() {
      return Map.of(
          "4.0", "org.apache.iceberg:iceberg-spark-runtime-4.0_2.13:1.11.0",
          "4.1", "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0");
    }

    @Override
    String tableAt(SparkSession spark, String folder) {
      String catalog = "spark.sql.catalog." + CATALOG;
      spark.conf().set(catalog, "org.apache.iceberg.spark.SparkCatalog");
      spark.conf().set(catalog + ".type", "hadoop");
      spark.conf().set(catalog + ".warehouse", folder);
      spark.conf().set(catalog + ".cache-enabled", "false"); // other jobs commit nights
      return CATALOG + ".predictions";
    }

    /** The catalog is of this session only. */
    @Override
    String placeIn(String folder, String table) {
      return folder + "/predictions";
    }

    /**
     * Without commits that were rolled back. Others need not be in Iceberg's own history: it
     * forgets what is older than an expired snapshot, and knows none of a branch. No two hosts'
     * clocks are compared.
     */
    @Override
    Dataset<Row> history(SparkSession spark, String table) {
      Dataset<Row> rolledBack = spark.table(table + ".history").where("NOT is_current_ancestor");
      return spark
          .table(table + ".snapshots")
          .join(rolledBack, new String[] {"snapshot_id"}, "left_anti")
          .select(col("summary").getItem(MANIFEST).as(NOTES))
          .orderBy(get_json_object(col(NOTES), "$.transaction").cast("long").desc());
    }

    @Override
    void replace(Dataset<Row> rows, String table, LocalDate date, Optional<Manifest> manifest)
        throws Exception {
      if (!exists(rows.sparkSession(), table)) {
        create(rows, table);
      }
      Column night = col("date").equalTo(lit(Date.valueOf(date)));
      DataFrameWriterV2<Row> writer = rows.writeTo(table);
      manifest.ifPresent(found -> writer.option("snapshot-property." + MANIFEST, found.toJson()));
      writer
          .options(sinceNow(rows.sparkSession(), table))
          .option("mergeSchema", "true")
          .option("distribution-mode", "none")
          .overwrite(night);
    }

    /**
     * Leaves a table as it is that another night has created meanwhile. Each commit writes all
     * manifests again: of these files only the last ones stay.
     */
    private void create(Dataset<Row> rows, String table) throws Exception {
      try {
        rows.limit(0)
            .writeTo(table)
            .using("iceberg")
            .tableProperty("write.spark.accept-any-schema", "true")
            .tableProperty("write.metadata.delete-after-commit.enabled", "true")
            .tableProperty("write.metadata.compression-codec", "gzip")
            .partitionedBy(col("date"))
            .create();
      } catch (Exception e) { // Spark throws checked exceptions that Java does not see
        if (!exists(rows.sparkSession(), table)) {
          throw e;
        }
      }
    }

    @Override
    void note(SparkSession spark, String table, Manifest manifest) throws Exception {
      spark
          .table(table)
          .limit(0)
          .writeTo(table)
          .option("distribution-mode", "none")
          .option("snapshot-property." + MANIFEST, manifest.toJson())
          .append();
    }

    /** Lets the commit fail if another one changes the night from now on. */
    private Map<String, String> sinceNow(SparkSession spark, String table) {
      Map<String, String> options = new HashMap<>();
      for (Row main :
          spark
              .table(table + ".refs")
              .where("name = 'main'")
              .select("snapshot_id")
              .collectAsList()) {
        options.put("isolation-level", "serializable");
        options.put("validate-from-snapshot-id", String.valueOf(main.getLong(0)));
      }
      return options;
    }
  };

  /** The column of {@link #history}. */
  static final String NOTES = "notes";

  private final String title;
  private final String className;

  TableFormat(String title, String className) {
    this.title = title;
    this.className = className;
  }

  /** Whether its classes are there. */
  public boolean isAvailable() {
    try {
      Class.forName(className, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** What to do where its classes are not there. */
  public String advice() {
    return "--store-format %s needs %s, which is not on the class path. %s"
        .formatted(this, title, remedy(SparkVersion.running()));
  }

  String remedy(SparkVersion spark) {
    Map<String, String> artifacts = artifacts();
    return artifacts.containsKey(spark.line())
        ? "Add -- --packages %s.".formatted(artifacts.get(spark.line()))
        : "Its last known releases are for Spark %s, and this is Spark %s: run on one of these, or add a newer %s with -- --packages."
            .formatted(String.join(", ", new TreeSet<>(artifacts.keySet())), spark.text(), title);
  }

  /** Settings that a session needs from its start. */
  public Map<String, String> settings() {
    return Map.of();
  }

  /** Coordinates of its newest known release for each line of Spark's releases. */
  abstract Map<String, String> artifacts();

  /** The name of the table {@code predictions} in a directory. */
  abstract String tableAt(SparkSession spark, String folder);

  /**
   * The notes of all commits that the table remembers, those of a night with the last first: one
   * column, which holds the manifest of a night where this project committed.
   */
  abstract Dataset<Row> history(SparkSession spark, String table);

  /** Puts rows in the place of those of a night, in one commit that carries its manifest. */
  abstract void replace(
      Dataset<Row> rows, String table, LocalDate date, Optional<Manifest> manifest)
      throws Exception;

  /** Commits a manifest alone. */
  abstract void note(SparkSession spark, String table, Manifest manifest) throws Exception;

  /** Characters that the name of a column must not have. */
  String notInNames() {
    return "";
  }

  /** How a person reads the table {@code predictions} in a directory. */
  String placeIn(String folder, String table) {
    return table;
  }

  boolean exists(SparkSession spark, String table) throws IOException {
    return spark.catalog().tableExists(table);
  }

  /** As options have it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
