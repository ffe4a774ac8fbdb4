package swarmformer.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

/** The stage on streams, in a Spark of its own that has Delta Lake. */
class StreamIT {
  private static final int FILES = 4;

  @TempDir private Path folder;
  private SparkSession spark;

  @BeforeEach
  void open() throws IOException {
    LocalSpark.session().stop();
    spark = Extended.session(folder);
    Files.createDirectories(folder.resolve("in"));
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  /** Adds files of samples, each with a quarter of them. */
  private void arrive(int from, int to) {
    for (int i = from; i < to; i++) {
      Samples.read(spark)
          .where("pmod(hash(id), %d) = %d".formatted(FILES, i))
          .coalesce(1)
          .write()
          .mode("append")
          .parquet(folder.resolve("in").toString());
    }
  }

  private Dataset<Row> scoredFiles() {
    Dataset<Row> files =
        spark
            .readStream()
            .schema(Samples.read(spark).schema())
            .option("maxFilesPerTrigger", 1)
            .parquet(folder.resolve("in").toString());
    return Samples.classifier().transform(files).select("id", "swarmformer.*");
  }

  private void runToEnd(DataStreamWriter<Row> writer) throws Exception {
    StreamingQuery query =
        writer
            .trigger(Trigger.AvailableNow())
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .start();
    query.awaitTermination();
  }

  private void assertHoldsSamplesOnce(Dataset<Row> rows) {
    Dataset<Row> expected =
        Samples.classifier().transform(Samples.read(spark)).select("id", "swarmformer.*");
    List<String> columns = List.of("id", "prediction", "sentiment", "tokens", "error");
    String[] others = columns.subList(1, columns.size()).toArray(String[]::new);
    assertThat(rows.select("id", others).sort("id").collectAsList())
        .isEqualTo(expected.select("id", others).sort("id").collectAsList());
  }

  @Test
  void goesIntoDeltaOnceAndGoesOnFromItsCheckpoint() throws Exception {
    String table = folder.resolve("delta").toString();
    arrive(0, 2);
    runToEnd(scoredFiles().writeStream().format("delta").option("path", table));
    arrive(2, FILES);
    runToEnd(scoredFiles().writeStream().format("delta").option("path", table));
    assertHoldsSamplesOnce(spark.read().format("delta").load(table));
    assertThat(spark.sql("DESCRIBE HISTORY delta.`%s`".formatted(table)).count()).isEqualTo(FILES);
  }

  @Test
  void replacesABatchThatItsCheckpointHasForgotten() throws Exception {
    Path out = folder.resolve("out");
    arrive(0, FILES);
    runToEnd(intoBatches(out));
    Path last = folder.resolve("checkpoint/commits").resolve(Integer.toString(FILES - 1));
    Files.delete(last);
    Files.delete(last.resolveSibling("." + last.getFileName() + ".crc"));
    runToEnd(intoBatches(out));
    assertThat(out.toFile().list((place, name) -> name.startsWith("batch="))).hasSize(FILES);
    assertHoldsSamplesOnce(spark.read().parquet(out.toString()));
  }

  private DataStreamWriter<Row> intoBatches(Path out) {
    return scoredFiles()
        .writeStream()
        .foreachBatch(
            (batch, id) -> {
              batch.write().mode("overwrite").parquet(out.resolve("batch=" + id).toString());
            });
  }

  @Test
  void scoresRowsThatComeByTheSecond() throws Exception {
    Dataset<Row> texts =
        spark
            .readStream()
            .format("rate")
            .option("rowsPerSecond", 20)
            .load()
            .withColumn("text", concat(lit("A wonderful film, number "), col("value")));
    Path out = folder.resolve("out");
    StreamingQuery query =
        Samples.classifier()
            .transform(texts)
            .select("value", "swarmformer.sentiment")
            .writeStream()
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .foreachBatch(
                (batch, id) -> {
                  batch.write().mode("overwrite").parquet(out.resolve("batch=" + id).toString());
                })
            .start();
    while (rows(query) < 60) {
      TimeUnit.MILLISECONDS.sleep(200);
      query
          .exception()
          .foreach(
              failure -> {
                throw new AssertionError(failure);
              });
    }
    query.stop();
    List<Long> values =
        spark
            .read()
            .parquet(out.toString())
            .where("sentiment = 'positive'")
            .select("value")
            .as(Encoders.LONG())
            .collectAsList();
    assertThat(values).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
  }

  private static long rows(StreamingQuery query) {
    return java.util.Arrays.stream(query.recentProgress())
        .mapToLong(progress -> progress.numInputRows())
        .sum();
  }
}
