package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.Predictions;
import swarmformer.spark.Samples;

/** Jobs, stage and SQL in a Spark that finds settings where {@code spark-submit} puts them. */
abstract class CommonSettingsBase {
  private static final int ROWS = 24;

  @TempDir static Path folder;
  private static Path input;

  @BeforeAll
  static void takeSamples() throws IOException {
    LocalSpark.session().stop();
    List<String> lines = Files.readAllLines(Script.projectHome().resolve("samples/reviews.jsonl"));
    input = Files.write(folder.resolve("in.jsonl"), lines.subList(0, ROWS));
  }

  @AfterEach
  void forget() {
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("spark."));
  }

  private static void set(Map<String, String> settings) {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.driver.host", "localhost");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.sql.shuffle.partitions", "2");
    System.setProperty("spark.sql.extensions", "swarmformer.spark.SwarmFormerExtensions");
    System.setProperty("spark.sql.warehouse.dir", folder.resolve("warehouse").toString());
    System.setProperty("spark.swarmformer.dtype", "float32");
    settings.forEach(System::setProperty);
  }

  /** Scores the samples in every way that there is, and compares the ways. */
  static void everythingWorks(Map<String, String> settings) throws IOException {
    set(settings);
    Path place = Files.createTempDirectory(folder, "set");
    job(new Evaluate(), "--input", input, "--output", place.resolve("out"), "--run-id", "r");
    assertThat(Golden.json(place.resolve("out/run=r/evaluation/metrics.json")).get("rows").asInt())
        .isEqualTo(ROWS);
    Path store = place.resolve("store");
    night(store, "2026-03-01");
    night(store, "2026-03-02");
    assertThat(night(store, "2026-03-02").out()).contains("is in the store already");
    job(new ReportTrend(), "--store", store);
    // Reading Parquet takes them in any session where Kryo knows registered classes alone.
    System.setProperty(SparkJob.KRYO_CLASSES, SparkJob.SENT_BY_SPARK);
    SparkSession spark = SparkSession.builder().getOrCreate();
    try {
      Map<String, Row> predicted =
          Predictions.byId(
              spark.read().parquet(place + "/out/run=r/predictions").selectExpr("id", "sentiment"));
      assertThat(predicted)
          .hasSize(ROWS)
          .containsEntry("r001", RowFactory.create("r001", "negative"));
      Dataset<Row> stored = spark.read().parquet(store + "/predictions");
      assertThat(
              Predictions.byId(stored.where("date = '2026-03-02'").selectExpr("id", "sentiment")))
          .isEqualTo(predicted);
      assertThat(stored.where("reused").count()).isEqualTo(ROWS);
      Dataset<Row> texts =
          spark
              .read()
              .json(input.toString())
              .selectExpr("*", "timestamp_micros(1) AS seen", "DATE'2026-03-01' AS day");
      assertThat(
              Predictions.byId(
                  Samples.classifier().transform(texts).selectExpr("id", "swarmformer.sentiment")))
          .isEqualTo(predicted);
      assertThat(Samples.classifier().transform(texts).select("seen", "day").collectAsList())
          .isEqualTo(texts.select("seen", "day").collectAsList());
      texts.createOrReplaceTempView("texts");
      assertThat(Predictions.byId(spark.sql("SELECT id, swarmformer(text).sentiment FROM texts")))
          .isEqualTo(predicted);
    } finally {
      spark.stop();
    }
  }

  private static Ran night(Path store, String date) {
    return job(new ScoreNightly(), "--input", input, "--store", store, "--date", date);
  }

  private static Ran job(Callable<Integer> program, Object... arguments) {
    Ran ran = Ran.of(program, arguments);
    assertThat(ran.code()).as(ran.err().toString()).isZero();
    return ran;
  }
}
