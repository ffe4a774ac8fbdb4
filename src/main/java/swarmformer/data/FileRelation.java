package swarmformer.data;

import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.TextBasedFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;

/** Files that a leaf of a plan reads, from inside of Spark SQL, which may change with it. */
final class FileRelation {
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
