package swarmformer.scoring;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import swarmformer.cluster.ApplicationExecutors;
import swarmformer.cluster.Question;

/** How many models each executor has loaded since it started. */
public final class ModelLoads implements Question<Long> {
  private static final long serialVersionUID = 1L;

  /** Loads by executor. */
  public static Map<String, Long> of(SparkSession spark) {
    return new ApplicationExecutors(spark).askEach(new ModelLoads());
  }

  @Override
  public Long answer() {
    return ExecutorFigures.MODEL_LOADS.getCount();
  }
}
