package swarmformer.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import swarmformer.LocalSpark;

/** A Spark with the SQL function, and with Delta Lake. */
public final class Extended {
  private Extended() {}

  /** Opens it, once that of other tests is stopped. */
  public static SparkSession session(Path folder) {
    return LocalSpark.builder()
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config(
            "spark.sql.extensions",
            "swarmformer.spark.SwarmFormerExtensions,io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.swarmformer.device", "cpu")
        .config("spark.swarmformer.dtype", "float32")
        .getOrCreate();
  }
}
