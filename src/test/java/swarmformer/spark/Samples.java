package swarmformer.spark;

import static org.apache.spark.sql.functions.col;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.LocalSpark;
import swarmformer.jobs.Script;

/** The bundled samples and stages that score them, the same way on every machine. */
public final class Samples {
  /** The file. */
  public static final Path FILE = Script.projectHome().resolve("samples/reviews.parquet");

  private Samples() {}

  static Dataset<Row> read() {
    return read(LocalSpark.session());
  }

  static Dataset<Row> read(SparkSession spark) {
    return spark.read().parquet(FILE.toString());
  }

  /** A stage that computes in float32 on the CPU. */
  public static SwarmFormerClassifier classifier() {
    return new SwarmFormerClassifier().setDevice("cpu").setDtype("float32");
  }

  /** Rows of an id and a text. */
  static Dataset<Row> texts(SparkSession spark, String... texts) {
    List<String> values = Arrays.asList(texts);
    return spark
        .createDataset(values, org.apache.spark.sql.Encoders.STRING())
        .toDF("text")
        .select(col("text"));
  }
}
