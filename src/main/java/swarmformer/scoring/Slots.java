package swarmformer.scoring;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;

/** The task slots that a cluster has by now. */
final class Slots {
  private Slots() {}

  /** Asks with a task for each of them. Executors that come later are not asked. */
  static <T> List<T> ask(SparkSession spark, FlatMapFunction<Iterator<Integer>, T> question) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int slots = context.defaultParallelism();
    return context
        .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
        .mapPartitions(question)
        .collect();
  }
}
