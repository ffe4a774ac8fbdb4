package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.Predictions;
import swarmformer.spark.Extended;
import swarmformer.spark.Samples;

/**
 * Job, stage, SQL function and stream on the same texts: the samples, or the first {@value #ROWS}
 * of {@code -Dswarmformer.reviews=FILE} by hash of their id. Prints what each took.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameEverywhereIT {
  private static final int ROWS = 5_000;
  private static final int FILES = 6;

  /** Of probabilities: the order of sums changes logits by up to 1e-5. */
  private static final float TOLERANCE = 5e-6f;

  @TempDir private static Path folder;
  private String input;
  private SparkSession spark;
  private Map<String, Row> expected;
  private Dataset<Row> transformed;

  @BeforeAll
  void runTheJobAndSaveAPipeline() throws IOException {
    input = folder.resolve("in").toString();
    Optional<String> reviews = Optional.ofNullable(System.getProperty("swarmformer.reviews"));
    Dataset<Row> texts =
        LocalSpark.session().read().parquet(reviews.orElse(Samples.FILE.toString()));
    texts
        .selectExpr("id", "text", "label")
        .orderBy(org.apache.spark.sql.functions.hash(col("id")))
        .limit(ROWS)
        .repartition(FILES)
        .write()
        .parquet(input);
    job(new Evaluate(), "evaluated");
    if (reviews.isPresent()) {
      job(new Score(), "warm");
    }
    LocalSpark.session().stop();
    spark = Extended.session(folder);
    expected =
        Predictions.byId(
            spark
                .read()
                .parquet(output("evaluated") + "/run=r/predictions")
                .select("id", "prediction", "sentiment", "probabilities", "error"));
    String saved = folder.resolve("pipeline").toString();
    new Pipeline()
        .setStages(new PipelineStage[] {Samples.classifier()})
        .fit(texts())
        .write()
        .save(saved);
    transformed = PipelineModel.load(saved).transform(texts());
  }

  @AfterAll
  void stop() {
    spark.stop();
  }

  private void job(Callable<Integer> program, String name) {
    Ran ran =
        Ran.locally(
            program,
            "--input",
            input,
            "--format",
            "parquet",
            "--output",
            output(name),
            "--run-id",
            "r",
            "--device",
            "cpu",
            "--dtype",
            "float32");
    assertThat(ran.code()).as(ran.err().toString()).isZero();
    ran.out().lines().filter(line -> line.contains("texts/s")).forEach(System.out::println);
  }

  private String output(String name) {
    return folder.resolve(name).toString();
  }

  private Dataset<Row> texts() {
    return spark.read().parquet(input);
  }

  /** Writes rows, prints how long that took, and reads them. */
  private Dataset<Row> written(String name, Dataset<Row> rows) {
    String path = folder.resolve(name).toString();
    long start = System.nanoTime();
    rows.write().mode("overwrite").parquet(path);
    tell(name, start);
    return spark.read().parquet(path);
  }

  private void tell(String name, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%s: %.1f s, %.1f texts/s%n", name, seconds, expected.size() / seconds);
  }

  private void assertExpected(Dataset<Row> rows, boolean hasErrors) {
    Map<String, Row> found = Predictions.byId(rows);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    float[] largest = {0};
    found.forEach(
        (id, row) -> {
          Row wanted = expected.get(id);
          assertThat(row.<Integer>getAs("prediction")).isEqualTo(wanted.getAs("prediction"));
          assertThat(row.<String>getAs("sentiment")).isEqualTo(wanted.getAs("sentiment"));
          if (hasErrors) {
            assertThat(row.<String>getAs("error")).isEqualTo(wanted.getAs("error"));
          }
          if (!wanted.isNullAt(1)) {
            float difference = Math.abs(positive(row) - positive(wanted));
            largest[0] = Math.max(largest[0], difference);
          }
        });
    System.out.printf("largest difference of a probability: %.1e%n", largest[0]);
    assertThat(largest[0]).isLessThanOrEqualTo(TOLERANCE);
  }

  private static float positive(Row row) {
    return row.<Float>getList(row.fieldIndex("probabilities")).get(1);
  }

  @Test
  void aSavedPipelineGivesWhatTheJobGives() {
    Dataset<Row> rows = transformed.select("id", "swarmformer.*");
    assertExpected(written("stage", rows), true);
  }

  @Test
  void theFunctionGivesWhatTheJobGives() {
    texts().createOrReplaceTempView("texts");
    Dataset<Row> rows =
        spark.sql("SELECT id, s.* FROM (SELECT id, swarmformer(text) AS s FROM texts)");
    assertExpected(written("function", rows), false);
  }

  @Test
  void aStreamGivesWhatTheJobGives() throws Exception {
    Dataset<Row> files =
        spark.readStream().schema(texts().schema()).option("maxFilesPerTrigger", 2).parquet(input);
    Path out = folder.resolve("stream");
    long start = System.nanoTime();
    Samples.classifier()
        .transform(files)
        .select("id", "swarmformer.*")
        .writeStream()
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .foreachBatch(
            (batch, id) -> {
              batch.write().mode("overwrite").parquet(out.resolve("batch=" + id).toString());
            })
        .start()
        .awaitTermination();
    tell("stream", start);
    assertExpected(spark.read().parquet(out.toString()), true);
  }

  @Test
  void mllibJudgesAsTheJobDoes() {
    JsonNode figures = Golden.json(Path.of(output("evaluated"), "run=r/evaluation/metrics.json"));
    Dataset<Row> judged =
        transformed
            .where("prediction IS NOT NULL AND label IS NOT NULL")
            .selectExpr(
                "rawPrediction",
                "probability",
                "prediction",
                "CASE CAST(label AS STRING) WHEN 'positive' THEN 1D WHEN '1' THEN 1D ELSE 0D END"
                    + " AS label")
            .cache();
    for (String column : List.of("rawPrediction", "probability")) {
      double area =
          new BinaryClassificationEvaluator()
              .setRawPredictionCol(column)
              .setNumBins(0)
              .evaluate(judged);
      assertThat(area).isCloseTo(figures.get("roc_auc").doubleValue(), within(1e-6));
    }
    double f1 =
        new MulticlassClassificationEvaluator()
            .setMetricName("fMeasureByLabel")
            .setMetricLabel(1)
            .evaluate(judged);
    assertThat(f1).isCloseTo(figures.get("f1").doubleValue(), within(1e-6));
  }
}
