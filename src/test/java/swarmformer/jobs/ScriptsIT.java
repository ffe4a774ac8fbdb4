package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.Predictions;

class ScriptsIT {
  private static final String SAMPLES =
      Script.projectHome().resolve("samples/reviews.csv").toString();

  @TempDir static Path folder;

  private static Script.Ended local;

  @BeforeAll
  static void scoreTheSamplesFromAnotherFolder() throws Exception {
    local =
        Script.in(folder)
            .score(
                "--input", SAMPLES, "--output", "here", "--run-id", "local", "--dtype", "float32");
  }

  @Test
  void scoresFromAnyFolder() {
    local.assertDone();
    assertThat(folder.resolve("here/run=local")).isDirectoryContaining("glob:**/predictions");
    assertThat(folder.resolve("here")).isDirectoryNotContaining("glob:**/_staging");
    assertThat(read("local", "predictions")).hasSize(310);
    assertThat(local.out())
        .contains("Scored 305 of 310 texts")
        .contains("here/run=local/predictions");
  }

  @Test
  void keepsTheNoiseOfSparkOffTheConsole() {
    assertThat(local.err()).doesNotContainPattern("WARN|INFO|ERROR|Exception|\\tat ");
    assertThat(local.out()).doesNotContainPattern("WARN|INFO|ERROR|Exception|\\tat ");
  }

  @Test
  void leavesNothingElseInTheFolderOfTheUser() {
    assertThat(folder).isDirectoryNotContaining("glob:**/{spark-warehouse,metastore_db,artifacts}");
  }

  @Test
  void scoresTheSameOnExecutorsOfTheirOwn() throws Exception {
    Script.Ended cluster =
        Script.in(folder)
            .score(
                List.of(
                        "--input",
                        SAMPLES,
                        "--output",
                        "here",
                        "--run-id",
                        "cluster",
                        "--dtype",
                        "float32",
                        "--partitions",
                        "6",
                        "--",
                        "--master",
                        "local-cluster[2,1,2048]")
                    .toArray(String[]::new));
    cluster.assertDone();
    assertThat(cluster.err()).doesNotContainPattern("WARN|INFO|ERROR|Exception|\\tat ");
    assertThat(read("cluster", "batches").stream().map(row -> row.<String>getAs("executor")))
        .contains("0", "1");
    new Predictions(read("cluster", "predictions"))
        .assertSameAs(new Predictions(read("local", "predictions")));
  }

  private static List<Row> read(String runId, String dataset) {
    String path = folder.resolve("here/run=" + runId).resolve(dataset).toString();
    return LocalSpark.session().read().parquet(path).collectAsList();
  }
}
