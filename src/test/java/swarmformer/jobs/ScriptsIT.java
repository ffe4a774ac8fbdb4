package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

class ScriptsIT {
  private static final String SAMPLES =
      Script.projectHome().resolve("samples/reviews.csv").toString();

  /** Of logits; the batches differ, and so does the order of sums in the network. */
  private static final double TOLERANCE = 1e-5;

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
    Map<String, Row> expected = byId(read("local", "predictions"));
    Map<String, Row> actual = byId(read("cluster", "predictions"));
    assertThat(actual).containsOnlyKeys(expected.keySet());
    actual.forEach((id, row) -> assertSame(row, expected.get(id)));
  }

  private static void assertSame(Row actual, Row expected) {
    for (String column : List.of("prediction", "sentiment", "tokens", "truncated", "error")) {
      assertThat(actual.<Object>getAs(column)).isEqualTo(expected.getAs(column));
    }
    if (!expected.isNullAt(expected.fieldIndex("logits"))) {
      List<Float> logits = expected.getList(expected.fieldIndex("logits"));
      for (int i = 0; i < logits.size(); i++) {
        float logit = actual.<Float>getList(actual.fieldIndex("logits")).get(i);
        assertThat((double) logit).isCloseTo(logits.get(i), within(TOLERANCE));
      }
    }
  }

  private static Map<String, Row> byId(List<Row> rows) {
    Map<String, Row> byId = new HashMap<>();
    rows.forEach(row -> byId.put(row.getAs("id"), row));
    assertThat(byId).hasSameSizeAs(rows);
    return byId;
  }

  private static List<Row> read(String runId, String dataset) {
    String path = folder.resolve("here/run=" + runId).resolve(dataset).toString();
    return LocalSpark.session().read().parquet(path).collectAsList();
  }
}
