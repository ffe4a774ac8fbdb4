import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import swarmformer.spark.SwarmFormerClassifier;

/**
 * Scores texts by a stage that was saved and loaded, by the SQL function and on a stream, and prints
 * how many got a prediction each time. {@code java WaysIn.java TEXTS DIRECTORY}: TEXTS is a directory of
 * Parquet files with a column text.
 */
public final class WaysIn {
  private WaysIn() {}

  public static void main(String[] arguments) throws Exception {
    String texts = arguments[0];
    String folder = arguments[1];
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.sql.extensions", "swarmformer.spark.SwarmFormerExtensions")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    Dataset<Row> reviews = spark.read().parquet(texts);

    PipelineStage[] stages = {new SwarmFormerClassifier().setInputCol("text")};
    new Pipeline().setStages(stages).fit(reviews).write().save(folder + "/stage");
    PipelineModel loaded = PipelineModel.load(folder + "/stage");
    System.out.println("stage " + predicted(loaded.transform(reviews)));

    reviews.createOrReplaceTempView("reviews");
    System.out.println(
        "SQL " + predicted(spark.sql("SELECT swarmformer(text).prediction AS prediction FROM reviews")));

    Dataset<Row> stream = spark.readStream().schema(reviews.schema()).parquet(texts);
    loaded
        .transform(stream)
        .writeStream()
        .format("parquet")
        .option("path", folder + "/stream")
        .option("checkpointLocation", folder + "/checkpoint")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    System.out.println("stream " + predicted(spark.read().parquet(folder + "/stream")));
    spark.stop();
  }

  private static long predicted(Dataset<Row> rows) {
    return rows.where("prediction IS NOT NULL").count();
  }
}
