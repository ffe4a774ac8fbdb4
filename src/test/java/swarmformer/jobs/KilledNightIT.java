package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.Predictions;
import swarmformer.errors.ErrorCode;

/**
 * Nights in processes of their own that are killed. Set {@code -Dswarmformer.kills=10} for as many
 * in each night, and {@code -Dswarmformer.texts=FOLDER} for other texts, in Parquet with ids.
 */
@Tag("long")
class KilledNightIT {
  private static final int KILLS = Integer.getInteger("swarmformer.kills", 1);
  private static final int MADE_ROWS = 12_000;
  private static final long SEED = 20_261_101;

  /** A kill comes so late at most after it was waited for. */
  private static final int LATEST_MS = 3_000;

  private final Random random = new Random(SEED);

  @TempDir private Path folder;

  @AfterEach
  void stopTheSparkOfThisTest() {
    LocalSpark.session().stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "delta", "iceberg"})
  void holdEachRowOnceAsAWholeRunDoes(String format) throws Exception {
    writeHalves();
    List<String> nights = List.of("2026-11-01", "2026-11-02");
    for (int half = 0; half < 2; half++) {
      for (int kill = 0; kill < KILLS; kill++) {
        killAtSomeMoment(half + kill, nights.get(half), start(format, half, nights.get(half)));
      }
      Process last = start(format, half, nights.get(half));
      assertThat(last.waitFor(4, TimeUnit.MINUTES)).isTrue();
      script().ended(last).assertDone();
    }
    assertThat(folder.resolve("store/_work")).doesNotExist();
    assertThat(folder.resolve("store/_staging")).doesNotExist();
    assertEqualsAWholeRun(format);
  }

  @Test
  void lendsANightToOneOfTwo() throws Exception {
    writeHalves();
    Script one = Script.in(Files.createDirectory(folder.resolve("one")));
    Script two = Script.in(Files.createDirectory(folder.resolve("two")));
    List<Process> runs = new ArrayList<>();
    for (Script script : List.of(one, two)) {
      runs.add(script.startJob("score-nightly", arguments("parquet", 0, "2026-11-01")));
    }
    List<Script.Ended> ended = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      assertThat(runs.get(i).waitFor(4, TimeUnit.MINUTES)).isTrue();
      ended.add(List.of(one, two).get(i).ended(runs.get(i)));
    }
    assertThat(ended)
        .extracting(Script.Ended::code)
        .containsExactlyInAnyOrder(0, ErrorCode.HELD.exitCode());
    Script.Ended loser =
        ended.stream()
            .filter(run -> run.code() == ErrorCode.HELD.exitCode())
            .findFirst()
            .orElseThrow();
    assertThat(loser.err())
        .matches(
            "Cannot write night 2026-11-01: process \\d+ on \\S+ is writing it\\. Wait for it, or stop it\\.\n");
    assertThat(loser.out()).isEmpty();
    assertThat(folder.resolve("store/predictions/date=2026-11-01/_manifest.json")).exists();
  }

  @Test
  void tellWhichJarAFormatNeeds() throws Exception {
    Process run =
        script()
            .startJob(
                "score-nightly",
                "--input=in.csv",
                "--store=s",
                "--date=2026-11-01",
                "--store-format=delta");
    run.waitFor(1, TimeUnit.MINUTES);
    Script.Ended ended = script().ended(run);
    assertThat(ended.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(ended.err())
        .isEqualTo(
            "--store-format delta needs Delta Lake, which is not on the class path. Add -- --packages io.delta:delta-spark_4.1_2.13:4.4.0. Try 'jobs/score-nightly.sh --help'.\n");
  }

  /**
   * Kills after it has planned, has scored another chunk, has started, or has claimed the night.
   */
  private void killAtSomeMoment(int kill, String night, Process run) throws Exception {
    Path work = folder.resolve("store/_work/date=" + night);
    long chunks = chunks(work);
    switch (kill % 4) {
      case 0 -> await(run, () -> isClaimedBy(run) && Files.exists(work.resolve("plan.json")));
      case 1 -> await(run, () -> chunks(work) > chunks);
      case 2 -> await(run, () -> true);
      default -> await(run, () -> isClaimedBy(run));
    }
    run.waitFor(random.nextInt(LATEST_MS), TimeUnit.MILLISECONDS);
    run.destroyForcibly().waitFor();
  }

  private static void await(Process run, BooleanSupplier moment) throws InterruptedException {
    while (run.isAlive() && !moment.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static long chunks(Path work) {
    return RunWatcher.names(work).stream()
        .filter(name -> name.matches("chunk=\\d+\\.json"))
        .count();
  }

  private boolean isClaimedBy(Process run) {
    return RunWatcher.staging(folder.resolve("store"), run).isPresent();
  }

  private void assertEqualsAWholeRun(String format) {
    Ran whole =
        Nights.run(
            folder.resolve("whole"),
            "--input",
            folder + "/half*",
            "--date=2026-11-03",
            "--dtype=float32");
    assertThat(whole.code()).as(whole.toString()).isZero();
    Dataset<Row> night =
        Nights.parquet(LocalSpark.session(), folder.resolve("whole"), "2026-11-03");
    Predictions expected = new Predictions(night.collectAsList());
    LocalSpark.session().stop();
    new Predictions(read(format).collectAsList()).assertSameAs(expected);
  }

  private Dataset<Row> read(String format) {
    return Nights.all(Nights.session(format), format, folder.resolve("store"));
  }

  private void writeHalves() throws IOException {
    String texts = System.getProperty("swarmformer.texts");
    for (int half = 0; half < 2; half++) {
      if (texts == null) {
        makeHalf(half);
      } else {
        LocalSpark.session()
            .read()
            .parquet(texts)
            .where("pmod(xxhash64(id), 2) = " + half)
            .write()
            .parquet(half(half));
      }
    }
  }

  private String half(int half) {
    return folder.resolve("half" + half).toString();
  }

  private void makeHalf(int half) throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,text"));
    for (int i = half; i < MADE_ROWS; i += 2) {
      lines.add("t%d,number %d was %s fine".formatted(i, i, i % 3 == 0 ? "not" : "so"));
    }
    Files.write(Files.createDirectory(Path.of(half(half))).resolve("texts.csv"), lines);
  }

  private Script script() {
    return Script.in(folder);
  }

  private Process start(String format, int half, String night) throws IOException {
    return script().startJob("score-nightly", arguments(format, half, night));
  }

  private String[] arguments(String format, int half, String night) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--input=" + half(half),
                "--store=" + folder.resolve("store"),
                "--date=" + night,
                "--dtype=float32",
                "--store-format=" + format));
    if (!format.equals("parquet")) {
      arguments.addAll(List.of("--", "--jars", Nights.jars(format)));
    }
    return arguments.toArray(String[]::new);
  }
}
