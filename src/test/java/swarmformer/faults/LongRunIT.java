package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.jobs.Script;

/** Looks at executors over minutes, with {@code -Dswarmformer.reviews=FILE} of 25,000 reviews. */
@EnabledIfSystemProperty(named = LongRunIT.REVIEWS, matches = ".+")
@Tag("long")
class LongRunIT {
  static final String REVIEWS = "swarmformer.reviews";

  private static final int COPIES = 4;
  private static final int EARLY_ROWS = 20_000;
  private static final double GROWTH = 1.05;

  private static final int BATCHES_OF_A_LOOK = 20;

  /** A heap that is touched whole at the start, so that what grows is a leak outside of it. */
  private static final String TOUCHED_HEAP = "-Xms1g -XX:+AlwaysPreTouch";

  @TempDir Path folder;

  @Test
  void anExecutorStaysAsLargeAsItWas() throws Exception {
    Path input = Files.createDirectory(folder.resolve("input"));
    for (int i = 0; i < COPIES; i++) {
      Files.copy(Path.of(System.getProperty(REVIEWS)), input.resolve(i + ".parquet"));
    }
    score(input, "local-cluster[1,2,2048]", TOUCHED_HEAP);
    List<Row> batches = batches();
    int early = 0;
    for (long rows = 0; rows < EARLY_ROWS; early++) {
      rows += batches.get(early).<Integer>getAs("rows");
    }
    double before = processMb(batches.subList(early - BATCHES_OF_A_LOOK, early));
    double after = processMb(batches.subList(batches.size() - BATCHES_OF_A_LOOK, batches.size()));
    System.out.printf("process memory %.0f MB early, %.0f MB at the end%n", before, after);
    assertThat(after).isLessThan(GROWTH * before);
  }

  private void score(Path input, String master, String executorOptions)
      throws IOException, InterruptedException {
    String run = "r" + master.replaceAll("\\D", "-");
    Script script = Script.in(folder);
    Process job =
        script.start(
            "--input",
            input.toString(),
            "--format",
            "parquet",
            "--output",
            "output",
            "--run-id",
            run,
            "--",
            "--master",
            master,
            "--executor-memory",
            "1g",
            "--conf",
            "spark.executor.extraJavaOptions=" + executorOptions);
    script.awaitEnd(job).assertDone();
  }

  private List<Row> batches() {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve("output").toString() + "/*/batches")
        .sort("started")
        .collectAsList();
  }

  private static double processMb(List<Row> batches) {
    return batches.stream().mapToLong(row -> row.<Long>getAs("process_bytes")).average().orElse(0)
        / 1e6;
  }
}
