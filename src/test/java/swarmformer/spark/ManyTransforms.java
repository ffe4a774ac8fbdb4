package swarmformer.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.model.ProcessMemory;
import swarmformer.scoring.ModelLoads;

/** Transforms with one stage after the other, and prints what models the executors loaded. */
final class ManyTransforms {
  private static final int LOOK_EVERY = 10;

  private ManyTransforms() {}

  /** Takes the number of transforms and Spark's master. */
  public static void main(String[] arguments) throws IOException {
    int transforms = Integer.parseInt(arguments[0]);
    try (SparkSession spark = session(arguments[1])) {
      Dataset<Row> texts = Samples.read(spark).where("id < 'r100'").repartition(2).cache();
      for (int i = 1; i <= transforms; i++) {
        Dataset<Row> scored = Samples.classifier().transform(texts);
        if (scored.where("prediction IS NOT NULL").count() < 90) {
          throw new IllegalStateException("texts were lost");
        }
        if (i % LOOK_EVERY == 0) {
          System.out.printf("process %d MB%n", ProcessMemory.residentBytes() >> 20);
        }
      }
      System.out.println("loads " + ModelLoads.of(spark));
    }
  }

  private static SparkSession session(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("test")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .getOrCreate();
  }
}
