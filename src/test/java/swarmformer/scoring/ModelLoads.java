package swarmformer.scoring;

import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** How many models each executor has loaded since it started. */
public final class ModelLoads implements FlatMapFunction<Iterator<Integer>, Tuple2<String, Long>> {
  private static final long serialVersionUID = 1L;

  /** Loads by executor. */
  public static SortedMap<String, Long> of(SparkSession spark) {
    SortedMap<String, Long> loads = new TreeMap<>();
    Slots.ask(spark, new ModelLoads()).forEach(answer -> loads.put(answer._1(), answer._2()));
    return loads;
  }

  @Override
  public Iterator<Tuple2<String, Long>> call(Iterator<Integer> slot) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(500); // so that each executor gets a task
    String executor = SparkEnv.get().executorId();
    return List.of(new Tuple2<>(executor, ExecutorFigures.MODEL_LOADS.getCount())).iterator();
  }
}
