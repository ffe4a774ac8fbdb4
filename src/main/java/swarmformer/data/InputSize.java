package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.sum;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How many rows an input has and how they are spread over its partitions, as far as can be told
 * without reading it: from the footers of Parquet and ORC files, and elsewhere from the size of the
 * files and of their first rows.
 *
 * @param rows number of rows
 * @param exact whether that is their number, and not an estimate
 * @param filledPartitions partitions that hold rows; 1 where that is not known
 * @param largestPartition rows of the one that holds most; all of them where that is not known
 * @param bytes of files that may be split anywhere; 0 where that is not known
 */
public record InputSize(
    long rows, boolean exact, int filledPartitions, long largestPartition, long bytes) {
  /** Rows that are looked at. An input that has fewer is counted so. */
  private static final int SAMPLE = 1_000;

  /** What separates columns and records, ids and quotes: bytes of a row beside its text. */
  private static final int BESIDE_TEXT = 16;

  /** English text is compressed to about a third. */
  private static final int COMPRESSION = 3;

  /** Spark takes sources that do not tell their size for larger than any other. */
  private static final double UNKNOWN_BYTES = 1L << 60;

  /** What a partition of such a source is taken to hold. */
  private static final int ROWS_OF_UNKNOWN = 1_000_000;

  /** Finds the size of texts that are not filtered. */
  public static InputSize of(Texts texts) {
    return ofFooters(texts.rows().queryExecution().optimizedPlan())
        ? counted(texts.rows())
        : estimated(texts.rows());
  }

  /** Whether the rows can be counted without reading a column. */
  private static boolean ofFooters(LogicalPlan plan) {
    if (plan instanceof Project project) {
      return ofFooters(project.child());
    }
    return FileRelation.of(plan).filter(FileRelation::hasFooters).isPresent();
  }

  /** Whether nothing but columns and rows are picked from files. */
  private static boolean isOfFiles(LogicalPlan plan) {
    boolean picks = plan instanceof Project || plan instanceof Filter || plan instanceof Generate;
    return picks ? isOfFiles(((UnaryNode) plan).child()) : FileRelation.of(plan).isPresent();
  }

  /** So many rows, wherever they are. */
  public static InputSize ofRows(long rows) {
    return new InputSize(rows, true, 1, rows, 0);
  }

  private static InputSize counted(Dataset<Row> rows) {
    Row totals =
        rows.groupBy(spark_partition_id())
            .agg(count(lit(1)).as("rows"))
            .agg(coalesce(sum("rows"), lit(0L)), count(lit(1)), coalesce(max("rows"), lit(0L)))
            .head();
    return new InputSize(totals.getLong(0), true, (int) totals.getLong(1), totals.getLong(2), 0);
  }

  private static InputSize estimated(Dataset<Row> rows) {
    List<Row> sample =
        rows.select(coalesce(length(col(Texts.CONTENT).cast("string")), lit(0))).takeAsList(SAMPLE);
    if (sample.size() < SAMPLE) {
      return ofRows(sample.size());
    }
    double characters = sample.stream().mapToInt(row -> row.getInt(0)).average().orElse(0);
    double bytes = bytes(rows);
    boolean compressed = Arrays.stream(rows.inputFiles()).anyMatch(Compression::isCompressed);
    long estimate =
        bytes < UNKNOWN_BYTES
            ? (long) ((compressed ? COMPRESSION : 1) * bytes / (characters + BESIDE_TEXT))
            : (long) ROWS_OF_UNKNOWN * rows.rdd().getNumPartitions();
    long found = Math.max(SAMPLE, estimate);
    boolean splits = !compressed && isOfFiles(rows.queryExecution().optimizedPlan());
    return new InputSize(found, false, 1, found, splits ? (long) bytes : 0);
  }

  /** Bytes of all files and tables. */
  private static double bytes(Dataset<Row> rows) {
    double bytes = 0;
    for (LogicalPlan leaf :
        CollectionConverters.asJava(rows.queryExecution().optimizedPlan().collectLeaves())) {
      bytes += leaf.stats().sizeInBytes().doubleValue();
    }
    return bytes;
  }
}
