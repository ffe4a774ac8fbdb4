package swarmformer.metrics;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.sum;

import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Goes through groups of rows from the greatest value down, in all partitions at once: each of them
 * knows the totals of those before it, so that the sums are those of one descent.
 */
public final class DescendingSums {
  /** Column (DOUBLE) that groups are sorted by, each of another value. */
  public static final String VALUE = "value";

  /** Column (BIGINT) of a group. */
  public static final String ROWS = "rows";

  /** Column (BIGINT) of a group: some of its rows. */
  public static final String HITS = "hits";

  private DescendingSums() {}

  /** What is done in one partition, on an executor. */
  public interface Walk extends Serializable {
    /**
     * Goes through groups, at least one.
     *
     * @param rows total of the groups before
     * @param hits total of the groups before
     * @return what is found there
     */
    Row walk(Iterator<Row> groups, long rows, long hits);
  }

  /**
   * Goes through groups.
   *
   * @param groups columns {@value #VALUE}, {@value #ROWS} and {@value #HITS}, in this order
   * @param result columns of what a walk finds
   * @return what was found in each partition, from the greatest values down
   */
  public static List<Row> of(Dataset<Row> groups, StructType result, Walk walk) {
    Dataset<Row> sorted = groups.orderBy(col(VALUE).desc()).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return sorted
          .mapPartitions(new InPartition(walk, before(sorted)), Encoders.row(result))
          .collectAsList();
    } finally {
      sorted.unpersist();
    }
  }

  /** Rows and hits before each partition that has groups. */
  private static Map<Integer, long[]> before(Dataset<Row> sorted) {
    Map<Integer, long[]> before = new HashMap<>();
    long rows = 0;
    long hits = 0;
    for (Row partition :
        sorted
            .groupBy(spark_partition_id().as("partition"))
            .agg(sum(ROWS), sum(HITS))
            .orderBy("partition")
            .collectAsList()) {
      before.put(partition.getInt(0), new long[] {rows, hits});
      rows += partition.getLong(1);
      hits += partition.getLong(2);
    }
    return before;
  }

  private static final class InPartition implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final Walk walk;
    private final Map<Integer, long[]> before;

    InPartition(Walk walk, Map<Integer, long[]> before) {
      this.walk = walk;
      this.before = before;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> groups) {
      if (!groups.hasNext()) {
        return Collections.emptyIterator();
      }
      long[] totals = before.get(TaskContext.getPartitionId());
      return List.of(walk.walk(groups, totals[0], totals[1])).iterator();
    }
  }
}
