package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.ObjectStore;

class ObjectStoreIT {
  private static final Path HOME = Script.projectHome();

  @TempDir Path folder;

  @Test
  void writesARunOfWhichNothingIsSeenUntilItIsComplete() throws Exception {
    Path output = folder.resolve("output");
    Files.createDirectories(output.resolve("_runs/run=k/dead/predictions"));
    Files.writeString(output.resolve("_runs/run=k/dead/predictions/part-half"), "of a killed run");
    Script.Ended ended = score();
    ended.assertDone();
    assertThat(RunWatcher.names(output)).containsExactly("_runs", "run=k");
    assertThat(RunWatcher.names(output.resolve("run=k"))).containsExactly("run.json");
    List<String> attempts = RunWatcher.names(output.resolve("_runs/run=k"));
    assertThat(attempts).hasSize(1).doesNotContain("dead");
    Path data = output.resolve("_runs/run=k").resolve(attempts.get(0));
    assertThat(RunWatcher.names(data)).containsExactly("batches", "metrics", "predictions");
    assertThat(ended.out()).contains("store:" + data + "/predictions");
    assertThat(asDocumented(output).count()).isEqualTo(310);
  }

  /** All runs, as docs/storage.md reads them. */
  private static Dataset<Row> asDocumented(Path output) {
    SparkSession spark = LocalSpark.session();
    String[] paths =
        spark.read().json(output + "/run=*/run.json").collectAsList().stream()
            .map(run -> output + "/" + run.getAs("data") + "/predictions")
            .toArray(String[]::new);
    return spark.read().option("basePath", output + "/_runs").parquet(paths).where("run = 'k'");
  }

  private Script.Ended score() throws Exception {
    return Script.in(folder)
        .score(
            "--input",
            HOME.resolve("samples/reviews.csv").toString(),
            "--output",
            ObjectStore.SCHEME + ":" + folder.resolve("output"),
            "--run-id",
            "k",
            "--",
            "--driver-class-path",
            HOME.resolve("target/test-classes").toString(),
            "--conf",
            "spark.hadoop.fs.store.impl=" + ObjectStore.class.getName());
  }
}
