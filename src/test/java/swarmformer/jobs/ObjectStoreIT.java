package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.ObjectStore;

class ObjectStoreIT {
  private static final Path HOME = Script.projectHome();

  @TempDir Path folder;

  @Test
  void writesARunInPlaceWithItsMetricsLast() throws Exception {
    Path run = folder.resolve("output/run=k");
    Files.createDirectories(run.resolve("predictions"));
    Files.writeString(run.resolve("predictions/part-half"), "of a run that was killed");
    Script.Ended ended = score();
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(RunWatcher.names(folder.resolve("output"))).containsExactly("run=k");
    assertThat(RunWatcher.names(run)).containsExactly("batches", "metrics", "predictions");
    assertThat(ended.out()).contains("store:" + run + "/predictions");
    assertThat(LocalSpark.session().read().parquet(run + "/predictions").count()).isEqualTo(310);
    List<Path> marks =
        List.of(run.resolve("predictions/_SUCCESS"), run.resolve("batches/_SUCCESS"));
    for (Path mark : marks) {
      assertThat(Files.getLastModifiedTime(mark))
          .isLessThan(Files.getLastModifiedTime(run.resolve("metrics/_SUCCESS")));
    }
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
