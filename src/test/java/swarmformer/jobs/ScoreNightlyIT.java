package swarmformer.jobs;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.jobs.Nights.input;
import static swarmformer.jobs.Nights.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.Publication;
import swarmformer.errors.ErrorCode;
import swarmformer.store.ParquetStore;

/** Nights of plain Parquet, without kills. */
class ScoreNightlyIT {
  private static final String FIRST = "2026-11-01";
  private static final String SECOND = "2026-11-02";

  @TempDir private Path folder;

  @Test
  void growsNightByNight() throws IOException {
    Path store = folder.resolve("store");
    Path one = input(folder, "1.csv", "a,A wonderful film.", "b,Dreadful.", "c,", "d,A fine film.");
    Ran first = run(store, "--input", one, "--date", FIRST);
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("Night 2026-11-01: 4 rows", "4 scored (4 new, 0 changed)");

    Path two =
        input(folder, "2.csv", "a,A wonderful film.", "b,Wonderful!", "c,", "e,Bad.", "e,Bad.");
    Ran second = run(store, "--input", two, "--date", SECOND, "--max-error-share", "0.1");
    assertThat(second.out())
        .contains("3 scored (2 new, 1 changed), 2 reused from earlier nights")
        .contains("repeated ids    1")
        .contains("Gate: 20.00 % of the rows have no prediction, more than 10.00 %.");
    assertThat(second.code()).isEqualTo(ExitCode.GATE);
    Dataset<Row> rows = Nights.parquet(LocalSpark.session(), store, SECOND);
    assertThat(Nights.described(rows))
        .hasToString(
            "{a=positive reused, b=positive, c=null reused null text, e=negative | negative}");
    assertThat(rows.schema().toDDL())
        .isEqualTo(
            "id STRING,prediction INT,sentiment STRING,probabilities ARRAY<FLOAT>,"
                + "logits ARRAY<FLOAT>,tokens INT,truncated BOOLEAN,error STRING,unknown INT,"
                + "content_hash STRING,model_sha256 STRING,config_sha256 STRING,dtype STRING,"
                + "reused BOOLEAN,scored_at TIMESTAMP,date DATE");
    repeatedNightIsLeftAlone(store, two);
    tamperingIsFound(store);
  }

  @Test
  void warnsOfANightThatIsNotOver() throws IOException {
    LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
    Path in = Files.writeString(folder.resolve("in.csv"), "text,day\nGood.," + tomorrow + "\n");
    Ran early =
        run(folder.resolve("store"), "--input", in, "--date-col", "day", "--date", tomorrow);
    assertThat(early.code()).isZero();
    assertThat(early.err())
        .singleElement()
        .asString()
        .startsWith("Warning: night " + tomorrow + " is not over yet in UTC: ");
  }

  private void repeatedNightIsLeftAlone(Path store, Path input) {
    Ran again = run(store, "--input", input, "--date", SECOND);
    assertThat(again.code()).isEqualTo(ExitCode.GATE);
    assertThat(again.out())
        .contains("Night 2026-11-02 is in the store already: 5 rows")
        .contains("Nothing was done; --overwrite scores it again.");
    assertThat(store.resolve("_work")).doesNotExist();
    assertThat(store.resolve("_staging")).doesNotExist();
  }

  private void tamperingIsFound(Path store) throws IOException {
    assertThat(run(store, "--verify").out())
        .contains("2026-11-01      as published", "2026-11-02      as published");
    Path night = store.resolve("predictions/date=" + FIRST);
    Path file = dataFile(night);
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    Ran verified = run(store, "--verify");
    assertThat(verified.code()).as(verified.toString()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(verified.out())
        .contains(file.getFileName() + " has ", "2026-11-02      as published");
    assertThat(verified.err())
        .containsExactly(
            "Verification failed for %s: 1 of 2 nights differ from what was published. See above; --overwrite scores a night again."
                .formatted(store));
  }

  private static Path dataFile(Path night) throws IOException {
    try (Stream<Path> files = Files.list(night)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void reusesEachContentOfAnIdHoweverOftenEitherOccurs() throws IOException {
    Path store = folder.resolve("store");
    List<String> rows = new ArrayList<>(Collections.nCopies(500, "often,A wonderful film."));
    rows.add("often,Dreadful.");
    rows.add("often,");
    rows.add("once,Dreadful.");
    Path one = input(folder, "1.csv", rows.toArray(String[]::new));
    assertThat(run(store, "--input", one, "--date", FIRST).out())
        .contains("503 scored (503 new, 0 changed)", "repeated ids    501");
    rows.add("often,Not seen before.");
    rows.add("new,A wonderful film.");
    Path two = input(folder, "2.csv", rows.toArray(String[]::new));
    assertThat(run(store, "--input", two, "--date", SECOND).out())
        .contains("2 scored (1 new, 1 changed), 503 reused from earlier nights");
    Dataset<Row> second = Nights.parquet(LocalSpark.session(), store, SECOND);
    assertThat(
            second
                .groupBy("id", "content_hash", "sentiment", "reused")
                .count()
                .where("reused")
                .select("id", "sentiment", "count")
                .collectAsList())
        .map(Row::toString)
        .containsExactlyInAnyOrder(
            "[often,positive,500]", "[often,negative,1]", "[often,null,1]", "[once,negative,1]");
  }

  @Test
  void scoresANightAgainWhoseManifestIsCut() throws IOException {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(run(store, "--input", input, "--date", FIRST).code()).isZero();
    assertThat(run(store, "--input", input, "--date", SECOND).code()).isZero();
    Path night = store.resolve("predictions/date=" + SECOND);
    Files.delete(night.resolve("._manifest.json.crc"));
    Files.writeString(night.resolve("_manifest.json"), "");
    Ran verified = run(store, "--verify");
    assertThat(verified.out())
        .contains("2026-11-01      as published", "2026-11-02      Cannot read file:" + night);
    assertThat(verified.err()).singleElement().asString().contains("1 of 2 nights differ");
    Ran next = run(store, "--input", input, "--date", "2026-11-03");
    assertThat(next.err()).isEmpty();
    assertThat(next.code()).isZero();
    Ran again = run(store, "--input", input, "--date", SECOND, "--overwrite");
    assertThat(again.err()).isEmpty();
    assertThat(again.code()).isZero();
    assertThat(run(store, "--verify").code()).isZero();
  }

  @Test
  void scoresANightAgainInsteadOfCopyingItFromItself() throws IOException {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.", "b,Dreadful.");
    assertThat(run(store, "--input", input, "--date", FIRST).code()).isZero();
    assertThat(run(store, "--input", input, "--date", FIRST, "--overwrite").out())
        .contains("2 scored (2 new, 0 changed)")
        .doesNotContain("reused");
  }

  /** Other jobs have all cores, so that no executor can say in which number format it computes. */
  @Test
  void waitsForExecutorsUntilTheDeadline() throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    JavaFutureAction<Void> others =
        spark
            .parallelize(Collections.nCopies(2 * spark.defaultParallelism(), 30), 100)
            .foreachAsync(ScoreNightlyIT::pass);
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    Ran stopped =
        run(
            folder.resolve("store"),
            "--input",
            input,
            "--date",
            FIRST,
            "--dtype",
            "auto",
            "--deadline",
            Instant.now().plusSeconds(4));
    assertThat(stopped.code()).isEqualTo(ExitCode.DEADLINE);
    assertThat(stopped.out()).contains("Night 2026-11-01 stopped before the deadline");
    assertThatThrownBy(others::get).hasStackTraceContaining("cancelled");
  }

  private static void pass(int seconds) throws InterruptedException {
    for (int i = 0; i < 10 * seconds && !TaskContext.get().isInterrupted(); i++) {
      Thread.sleep(100);
    }
  }

  @Test
  void triesAgainWhatADeviceHadNoMemoryFor() throws IOException {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.", "b,Dreadful.");
    assertThat(run(store, "--input", input, "--date", FIRST).code()).isZero();
    String first = store.resolve("predictions/date=" + FIRST).toString();
    LocalSpark.session()
        .read()
        .parquet(first)
        .withColumn("error", expr("CASE WHEN id = 'a' THEN 'out of device memory' END"))
        .write()
        .parquet(store.resolve("predictions/date=2026-10-31").toString());
    FileUtils.deleteDirectory(new File(first));
    assertThat(run(store, "--input", input, "--date", SECOND).out())
        .contains("1 scored (1 new, 0 changed), 1 reused from earlier nights");
    assertThat(Nights.described(Nights.parquet(LocalSpark.session(), store, SECOND)))
        .hasToString("{a=positive, b=negative reused}");
  }

  /** A malformed record and a row without text both have no content. */
  @Test
  void doesNotCopyTheErrorOfAMalformedRecord() {
    Path store = folder.resolve("store");
    Path malformed = input(folder, "1.csv", "a,b,c,d", "b,Bad.");
    run(store, "--input", malformed, "--date", FIRST);
    Path repaired = input(folder, "2.csv", "a,", "b,Bad.");
    run(store, "--input", repaired, "--date", SECOND);
    assertThat(errors(store, FIRST)).containsExactly("malformed record");
    assertThat(errors(store, SECOND)).containsExactly("null text");
  }

  private static List<String> errors(Path store, String date) {
    return Nights.parquet(LocalSpark.session(), store, date)
        .where("error is not null")
        .select("error")
        .as(Encoders.STRING())
        .collectAsList();
  }

  @Test
  void looksPastANightWithoutRowsForTheModelAndForCopies() throws IOException {
    Path store = folder.resolve("store");
    Path one = dated("a,A wonderful film.," + FIRST);
    Object[] dated = {"--input", one, "--date-col", "day"};
    Ran both = run(store, with(dated, "--backfill", FIRST + ".." + SECOND));
    assertThat(both.code()).isEqualTo(ExitCode.GATE);
    Ran refused = run(store, with(dated, "--date", "2026-11-03", "--model", otherModel()));
    assertThat(refused.code()).isEqualTo(ErrorCode.MODEL.exitCode());
    assertThat(refused.err().get(0)).contains("the last night, 2026-11-01, was scored with");
  }

  @Test
  void fillsTheOtherNightsWhenAnotherRunHasOne() throws IOException {
    Path store = folder.resolve("store");
    Path input = dated("a,Good.," + FIRST, "b,Bad.," + SECOND);
    try (Publication held =
        new ParquetStore(LocalSpark.session(), store.toString()).begin(LocalDate.parse(FIRST))) {
      Ran ran =
          run(store, "--input", input, "--date-col", "day", "--backfill", FIRST + ".." + SECOND);
      assertThat(ran.code()).isEqualTo(ErrorCode.HELD.exitCode());
      assertThat(ran.err()).hasSize(1);
      assertThat(ran.err().get(0)).contains(FIRST);
      assertThat(ran.out()).contains("Night 2026-11-02: 1 rows").doesNotContain("2026-11-01");
    }
  }

  @Test
  void keepsTheTypeOfAColumnThatALaterNightBrought() throws IOException {
    Path store = folder.resolve("store");
    Path plain = input(folder, "1.csv", "a,Good.");
    assertThat(run(store, "--input", plain, "--date", FIRST).code()).isZero();
    Path kept =
        Files.write(
            folder.resolve("2.json"), List.of("{\"id\":\"b\",\"text\":\"Bad.\",\"shop\":1}"));
    assertThat(run(store, "--input", kept, "--date", SECOND, "--keep", "shop").code()).isZero();
    Path nulls =
        Files.write(
            folder.resolve("3.json"), List.of("{\"id\":\"c\",\"text\":\"Bad.\",\"shop\":null}"));
    assertThat(run(store, "--input", nulls, "--date", "2026-11-03", "--keep", "shop").code())
        .isZero();
    Path other =
        Files.write(
            folder.resolve("4.json"), List.of("{\"id\":\"d\",\"text\":\"Bad.\",\"shop\":\"x\"}"));
    Ran refused = run(store, "--input", other, "--date", "2026-11-04", "--keep", "shop");
    assertThat(refused.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(refused.err())
        .containsExactly(
            "Cannot keep column 'shop' of %s: it is string, and bigint in the store. Write it as that, leave it out of --keep, or set --store to a new one."
                .formatted(other));
  }

  /** Writes a file of lines {@code id,text,day}. */
  private Path dated(String... lines) throws IOException {
    return Files.write(
        folder.resolve("dated.csv"),
        Stream.concat(Stream.of("id,text,day"), Stream.of(lines)).toList());
  }

  private static Object[] with(Object[] some, Object... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray();
  }

  @Test
  void refusesAnotherModelUnlessItIsWanted() throws IOException {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.");
    assertThat(run(store, "--input", input, "--date", FIRST).code()).isZero();
    Path other = otherModel();
    Ran refused = run(store, "--input", input, "--date", SECOND, "--model", other);
    assertThat(refused.code()).isEqualTo(ErrorCode.MODEL.exitCode());
    assertThat(refused.err()).hasSize(1);
    assertThat(refused.err().get(0))
        .startsWith("Cannot score night 2026-11-02 with model %s (sha256 ".formatted(other))
        .endsWith("Set --new-model to continue with the new one, or --model to the one before.");
    Ran wanted = run(store, "--input", input, "--date", SECOND, "--model", other, "--new-model");
    assertThat(wanted.out()).contains("1 scored (1 new, 0 changed)");
    assertThat(
            LocalSpark.session()
                .read()
                .parquet(store + "/predictions")
                .select("config_sha256")
                .distinct()
                .count())
        .isEqualTo(2);
  }

  /** The bundled model with another hash of its configuration. */
  private Path otherModel() throws IOException {
    return Nights.model(folder.resolve("other"), config -> config + "\n");
  }

  @Test
  void picksTheNightsRowsAndFillsSeveralNights() throws IOException {
    Path store = folder.resolve("store");
    Path input =
        dated("a,Good.,2026-11-01", "b,Bad.,2026-11-02", "c,Fine.,2026-11-02", "d,Odd.,someday");
    Ran refused =
        run(store, "--input", input, "--date", FIRST, "--baseline", "2026-10-01..2026-10-31");
    assertThat(refused.err())
        .containsExactly(
            "Cannot compare night 2026-11-01 with --baseline 2026-10-01..2026-10-31: the store has no night of it. Set another, or leave it out.");
    Ran ran =
        run(store, "--input", input, "--date-col", "day", "--backfill", FIRST + ".." + SECOND);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .containsSubsequence(
            "Night 2026-11-01: 1 rows",
            "Warning: rows with a missing or unparseable date, assigned to no night: 1.",
            "Night 2026-11-02: 2 rows",
            "Warning: rows with a missing or unparseable date, assigned to no night: 1.");
    assertThat(Nights.described(Nights.parquet(LocalSpark.session(), store, SECOND)).keySet())
        .containsExactly("b", "c");
  }

  @Test
  void refusesWhatItCannotKeep() throws IOException {
    Path input = Files.write(folder.resolve("in.csv"), List.of("id,text,date", "a,Good.,x"));
    Ran ran = run(folder.resolve("s"), "--input", input, "--date", FIRST, "--keep", "date");
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err())
        .containsExactly(
            "Cannot keep column 'date' of %s: a store has a column of that name. Rename it or leave it out of --keep."
                .formatted(input));
  }
}
