package swarmformer.spark;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Scores the files {@code in} of a directory as a stream, one each batch, in a process of its own.
 */
final class StreamProgram {
  private StreamProgram() {}

  /** Runs to the end of the files: FOLDER parquet|delta. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (SparkSession spark = Extended.session(folder)) {
      String in = folder.resolve("in").toString();
      Dataset<Row> files =
          spark
              .readStream()
              .schema("id STRING, text STRING")
              .option("maxFilesPerTrigger", 1)
              .parquet(in);
      DataStreamWriter<Row> writer =
          Samples.classifier()
              .transform(files)
              .select("id", "swarmformer.*")
              .writeStream()
              .trigger(Trigger.AvailableNow())
              .option("checkpointLocation", folder.resolve("checkpoint").toString());
      String out = folder.resolve("out").toString();
      into(writer, arguments[1], out).start().awaitTermination();
    }
  }

  private static DataStreamWriter<Row> into(
      DataStreamWriter<Row> writer, String format, String out) {
    return format.equals("delta")
        ? writer.format("delta").option("path", out)
        : writer.foreachBatch(
            (batch, id) -> {
              batch.write().mode("overwrite").parquet(out + "/batch=" + id);
            });
  }
}
