package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.RunDirectory;

/**
 * Set {@code -Dswarmformer.kills=50} for a longer look at runs that are killed while they
 * overwrite.
 */
class KilledRunIT {
  private static final int KILLS = Integer.getInteger("swarmformer.kills", 3);
  private static final int ROWS = 3_000;
  private static final long SEED = 20_261_101;

  /** A kill comes so late at most after it was waited for. */
  private static final int LATEST_MS = 3_000;

  private final Random random = new Random(SEED);

  @TempDir Path folder;

  @Test
  @Tag("long")
  void staysWholeHoweverOftenItsSuccessorIsKilled() throws Exception {
    writeTexts();
    Path output = folder.resolve("output");
    score("--run-id", "k").assertDone();
    for (int i = 0; i < KILLS; i++) {
      killAtSomeMoment(i, output, "--run-id", "k", "--overwrite");
      startAnother(output);
      assertOneWholeRun(output);
    }
  }

  @Test
  void endsSoonWhenAskedToAndShowsNothing() throws Exception {
    writeTexts();
    Path output = folder.resolve("output");
    Process run = start("--run-id", "k");
    await(output.resolve("_staging"), run);
    TimeUnit.MILLISECONDS.sleep(LATEST_MS);
    run.destroy();
    assertThat(run.waitFor(15, TimeUnit.SECONDS)).isTrue();
    Script.Ended ended = Script.in(folder).ended(run);
    assertThat(ended.code()).isEqualTo(143);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).doesNotContain("\tat ").doesNotContain("bug");
    assertThat(output.resolve("run=k")).doesNotExist();
    startAnother(output);
    assertThat(output).isEmptyDirectory();
  }

  /** Kills early runs while they start or score, and the others while they publish. */
  private void killAtSomeMoment(int kill, Path output, String... options) throws Exception {
    Process run = start(options);
    await(kill % 3 == 0 ? output.resolve("_staging") : staged(output, run), run);
    run.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS);
    run.destroyForcibly().waitFor();
  }

  /** Datasets that a run is about to publish. */
  private static Path staged(Path output, Process run) throws Exception {
    while (run.isAlive()) {
      Optional<Path> staging = RunWatcher.staging(output, run);
      if (staging.isPresent()) {
        return staging.get().resolve("run");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return output;
  }

  private static void await(Path file, Process run) throws InterruptedException {
    while (run.isAlive() && !Files.exists(file)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** What the start of any job does to the output. */
  private static void startAnother(Path output) {
    RunDirectory.begin(new Configuration(), output.toString(), "another", false).close();
  }

  private static void assertOneWholeRun(Path output) {
    assertThat(RunWatcher.names(output)).containsExactly("run=k");
    assertThat(RunWatcher.missing(output.resolve("run=k"))).isEmpty();
    List<String> ids =
        LocalSpark.session()
            .read()
            .parquet(output.resolve("run=k/predictions").toString())
            .select("id")
            .as(Encoders.STRING())
            .collectAsList();
    assertThat(ids).containsExactlyInAnyOrderElementsOf(ids());
  }

  private void writeTexts() throws IOException {
    List<String> lines =
        ids().stream().map(id -> id + ",text number " + id + " was a fine film").toList();
    Files.write(folder.resolve("texts.csv"), List.of("id,text", String.join("\n", lines)));
  }

  private static List<String> ids() {
    return IntStream.range(0, ROWS).mapToObj(i -> "t" + i).toList();
  }

  private Process start(String... options) throws IOException {
    return Script.in(folder).start(arguments(options));
  }

  private Script.Ended score(String... options) throws IOException, InterruptedException {
    return Script.in(folder).score(arguments(options));
  }

  private static String[] arguments(String... options) {
    return Stream.concat(
            Stream.of("--input", "texts.csv", "--output", "output"), Stream.of(options))
        .toArray(String[]::new);
  }
}
