package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
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
import swarmformer.errors.InputException;
import swarmformer.store.Manifest;

class InputsIT {
  @TempDir private Path folder;

  /** Names what it is made of, as the relations of Hive do with a directory. */
  private static final class Named extends BaseRelation implements FileRelation {
    private final String[] paths;

    Named(String... paths) {
      this.paths = paths;
    }

    @Override
    public String[] inputFiles() {
      return paths;
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
    Manifest.Input input = list(table.toUri().toString());
    assertThat(input.fileCount()).isZero();
    assertThat(input.files()).isEmpty();
  }

  /** Of a directory with {@code --x} alone, who knows the names in it reads the files. */
  @Test
  void describesFilesOfADirectoryThatMayNotBeListed() throws IOException {
    for (String name : List.of("a.csv", "b.csv")) {
      Files.writeString(folder.resolve(name), "text\nGood.\n");
    }
    assertThat(list("unlisted:" + folder + "/a.csv").bytes()).isEqualTo(11);
    assertThat(list("unlisted:" + folder + "/a.csv", "unlisted:" + folder + "/b.csv").bytes())
        .isEqualTo(22);
    assertThatThrownBy(() -> list("unlisted:" + folder + "/closed.csv"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot read reviews: permission denied");
  }

  @Test
  void namesFilesWithoutThePasswordOfTheirAddress() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "text\nGood.\n");
    assertThat(list("unlisted://me:secret@host" + folder + "/a.csv").files())
        .extracting(Manifest.InputFile::path)
        .containsExactly("unlisted://me:***@host" + folder + "/a.csv");
  }

  /** A disk that tells no names in a directory, and nothing of what has "closed" in its name. */
  public static final class UnlistedDisk extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("unlisted:///");
    }

    @Override
    protected void checkPath(org.apache.hadoop.fs.Path path) {
      // Any host's is this one.
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path folder) throws IOException {
      throw new AccessControlException("nobody may list " + folder);
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
      if (path.getName().contains("closed")) {
        throw new AccessControlException("nobody may look at " + path);
      }
      return super.getFileStatus(path);
    }
  }

  private static Manifest.Input list(String... paths) {
    SparkSession spark = LocalSpark.session();
    spark
        .sparkContext()
        .hadoopConfiguration()
        .setClass("fs.unlisted.impl", UnlistedDisk.class, FileSystem.class);
    Dataset<Row> rows = spark.baseRelationToDataFrame(new Named(paths));
    return Inputs.list(spark, new Texts("reviews", rows), Optional.empty());
  }
}
