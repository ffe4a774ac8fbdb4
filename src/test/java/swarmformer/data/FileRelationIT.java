package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.spark.Extended;

class FileRelationIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "delta"})
  void namesFilesAsTheFileSystemDoes(String format) throws IOException {
    LocalSpark.session().stop();
    try (SparkSession spark = Extended.session(folder)) {
      String table = folder.resolve("a table").toString();
      Dataset<Row> rows = spark.sql("SELECT 1 AS id, part FROM VALUES ('a b'), ('10:00%') t(part)");
      rows.write().format(format).partitionBy("part").save(table);
      assertThat(FileRelation.paths(spark.read().format(format).load(table)))
          .hasSize(2)
          .allSatisfy(file -> assertThat(Files.exists(Path.of(file.toUri().getPath()))).isTrue());
    }
  }
}
