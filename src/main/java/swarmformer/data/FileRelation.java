package swarmformer.data;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.TextBasedFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import scala.jdk.javaapi.CollectionConverters;

/** Files that a leaf of a plan reads, from inside of Spark SQL, which may change with it. */
public final class FileRelation {
  private static final String OF_DELTA = "org.apache.spark.sql.delta.";

  private final HadoopFsRelation files;

  private FileRelation(HadoopFsRelation files) {
    this.files = files;
  }

  /** The files of a leaf; empty if it reads something else. */
  static Optional<FileRelation> of(LogicalPlan leaf) {
    return leaf instanceof LogicalRelation relation
            && relation.relation() instanceof HadoopFsRelation files
        ? Optional.of(new FileRelation(files))
        : Optional.empty();
  }

  /** The files that rows are read from, in order of their addresses. */
  public static List<Path> paths(Dataset<Row> rows) {
    boolean isDelta =
        CollectionConverters.asJava(rows.queryExecution().optimizedPlan().collectLeaves()).stream()
            .flatMap(leaf -> of(leaf).stream())
            .anyMatch(it -> it.files.location().getClass().getName().startsWith(OF_DELTA));
    return Arrays.stream(rows.inputFiles())
        .sorted()
        .map(file -> isDelta ? new Path(file) : new Path(URI.create(file))) // Spark's are encoded
        .toList();
  }

  /** Whether all rows are of files whose directories tell these columns. */
  public static boolean arePartitionedBy(Dataset<Row> rows, List<String> columns) {
    return CollectionConverters.asJava(rows.queryExecution().optimizedPlan().collectLeaves())
        .stream()
        .allMatch(
            leaf ->
                of(leaf)
                    .filter(files -> List.of(files.partitionColumns()).containsAll(columns))
                    .isPresent());
  }

  /** Whether their footers count rows. */
  boolean hasFooters() {
    return files.fileFormat() instanceof ParquetFileFormat
        || files.fileFormat() instanceof OrcFileFormat;
  }

  /** Whether rows are lines or documents of text. */
  boolean isText() {
    return files.fileFormat() instanceof TextBasedFileFormat;
  }

  /** Names of the columns that come from names of directories. */
  String[] partitionColumns() {
    return files.partitionSchema().fieldNames();
  }
}
