package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FileRelation;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.Texts;
import swarmformer.store.Manifest;

class InputsIT {
  @TempDir private Path folder;

  /** Names no files but a directory, as the relations of Hive do. */
  private static final class OfDirectory extends BaseRelation implements FileRelation {
    private final String directory;

    OfDirectory(Path directory) {
      this.directory = directory.toUri().toString();
    }

    @Override
    public String[] inputFiles() {
      return new String[] {directory};
    }

    @Override
    public SQLContext sqlContext() {
      return LocalSpark.session().sqlContext();
    }

    @Override
    public StructType schema() {
      return new StructType().add("text", "string");
    }
  }

  @Test
  void takesATableOfWhichOnlyTheDirectoryIsKnownForNoFiles() throws IOException {
    Path table = Files.createDirectories(folder.resolve("reviews"));
    Files.writeString(table.resolve("000000_0"), "Good.");
    SparkSession spark = LocalSpark.session();
    Dataset<Row> rows = spark.baseRelationToDataFrame(new OfDirectory(table));
    Manifest.Input input = Inputs.list(spark, new Texts("reviews", rows), Optional.empty());
    assertThat(input.fileCount()).isZero();
    assertThat(input.files()).isEmpty();
  }
}
