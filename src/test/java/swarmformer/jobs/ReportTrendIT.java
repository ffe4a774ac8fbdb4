package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.jobs.Nights.input;
import static swarmformer.jobs.Nights.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.errors.ErrorCode;

/** Nights that the real job has scored, and the page of them. */
final class ReportTrendIT {
  @TempDir private Path folder;

  @Test
  void tellsHowTheNightsWent() throws IOException {
    Path store = folder.resolve("store");
    Path one = input(folder, "1.csv", "a,A wonderful film.", "b,Dreadful.", "c,A fine film.");
    Path two = input(folder, "2.csv", "a,A wonderful film.", "b,Wonderful!", "c,", "d,Bad.");
    assertThat(run(store, "--input", one, "--date", "2026-11-01").code()).isZero();
    Ran gate = run(store, "--input", two, "--date", "2026-11-02", "--max-error-share", "0.1");
    assertThat(gate.code()).isEqualTo(ExitCode.GATE);
    Ran last =
        run(store, "--input", two, "--date", "2026-11-04", "--baseline", "2026-11-01..2026-11-02");
    assertThat(last.code()).as(last.toString()).isIn(ExitCode.DONE, ExitCode.GATE);
    pageOfAll(store);
    pageOfSome(store);
    thePageKeepsOutOfTheRows(store);
    labelsThatCameLaterTellTheAccuracy(store);
    nightsWithoutAManifestAreTold(store);
  }

  /**
   * Of a, b, c on the first night and a, b, d on the others: c has none yet, z is of no night, and
   * the last night has what the one before it has.
   */
  private void labelsThatCameLaterTellTheAccuracy(Path store) throws IOException {
    Path labels = folder.resolve("labels.csv");
    Files.writeString(labels, "review,stars\na,5\nb,1\nd,1\nz,5\n");
    Ran ran =
        trend(
            "--store",
            store,
            "--labels",
            labels,
            "--id-col",
            "review",
            "--label-col",
            "stars",
            "--label-map",
            "1=negative,5=positive");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().replaceAll("\\s+", " "))
        .contains(
            "accuracy Right for 3 of 4 distinct rows with labels (75.00 %, ",
            "in 3 nights; in the latest of them, 2026-11-04, 66.67 % of 3, estimated ");
    assertThat(store.resolve("trend.html"))
        .content()
        .contains("Right for 3 of 4 distinct rows with labels");
    Files.writeString(labels, "id,label\na,positive\nb,negative\nd,meh\nz,bah\n");
    assertThat(trend("--store", store, "--labels", labels).out())
        .contains(
            "Warning: unrecognised labels, not evaluated: 1.",
            "  Found: 'meh' (1). --label-map says what labels mean.");
    Files.writeString(labels, "id,label\nz,positive\n");
    assertThat(trend("--store", store, "--labels", labels).err())
        .singleElement()
        .asString()
        .contains("none of its ids is an id of the predictions");
  }

  private static void pageOfAll(Path store) throws IOException {
    Ran ran = trend("--store", store);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains(
            "1 night missing, 1 gate closed. 3 nights, 2026-11-01 to 2026-11-04, 11 rows in all")
        .contains("  latest          2026-11-04: 4 rows (0 new, 0 changed, 4 reused), 1 without a")
        .contains("Warning: 1 night missing: 2026-11-03.")
        .contains(
            "Warning: 1 night for which a gate has closed, 2026-11-02: 25.00 % of the rows have no prediction, more than 10.00 %.")
        .contains("Report: " + store.resolve("trend.html"));
    assertThat(store.resolve("trend.html"))
        .content()
        .contains("3 nights, 2026", "2026-11-03: missing", "jobs/report-trend.sh --store " + store)
        .contains("Batch latency", shortSha(), "<title>2026-11-04, score: ")
        .doesNotContain("NaN", "Infinity", ">null<");
    assertThat(store).isDirectoryNotContaining("glob:**.crc");
    assertThat(LocalSpark.session().read().parquet(store + "/predictions").count()).isEqualTo(11);
  }

  /** How the page calls the bundled model's weights. */
  private static String shortSha() throws IOException {
    byte[] weights = Files.readAllBytes(Path.of("models/small-imdb/model.safetensors"));
    return DigestUtils.sha256Hex(weights).substring(0, 8);
  }

  private void pageOfSome(Path store) {
    Path page = folder.resolve("new/page.html");
    Ran ran = trend("--store", store, "--nights", "2026-11-01..2026-11-01", "--output", page);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("1 night, 2026-11-01, 3 rows").doesNotContain("Warning");
    assertThat(page).content().contains("No findings", "A second night will add charts");
    assertFails(
        "Cannot tell a trend of %s: it holds no nights of 2026-10-01..2026-10-31. Check --store, --store-format and --nights."
            .formatted(store),
        "--store",
        store,
        "--nights",
        "2026-10-01..2026-10-31");
  }

  private void thePageKeepsOutOfTheRows(Path store) {
    Path page = store.resolve("predictions/trend.html");
    assertFails(
        "Cannot write to %s: readers would take it for rows of the store. Set another --output."
            .formatted(page),
        "--store",
        store,
        "--output",
        page);
    assertFails(
        "Cannot write to %s: it is a directory. Set --output to a file.".formatted(folder),
        "--store",
        store,
        "--output",
        folder);
  }

  private void nightsWithoutAManifestAreTold(Path store) throws IOException {
    Files.delete(store.resolve("predictions/date=2026-11-01/_manifest.json"));
    assertThat(trend("--store", store).out())
        .contains("3 nights, 2026-11-01 to 2026-11-04, 8 rows in all")
        .contains("Warning: 1 night without a manifest, so without figures: 2026-11-01.");
    Path notJson = store.resolve("predictions/date=2026-11-02/_manifest.json");
    Files.delete(store.resolve("predictions/date=2026-11-02/._manifest.json.crc"));
    Files.writeString(notJson, "{");
    assertThat(trend("--store", store).out())
        .contains("3 nights, 2026-11-01 to 2026-11-04, 4 rows in all")
        .contains(
            "Warning: 2 nights without a manifest, so without figures: 2026-11-02; 2026-11-01.");
  }

  @Test
  void aStoreThatIsNotThereOrEmptyIsNoTrend() throws IOException {
    String message =
        "Cannot tell a trend of %s: it holds no nights. Check --store and --store-format.";
    Path missing = folder.resolve("missing");
    assertFails(message.formatted(missing), "--store", missing);
    assertThat(missing).doesNotExist();
    Path empty = Files.createDirectories(folder.resolve("empty/predictions")).getParent();
    assertFails(message.formatted(empty), "--store", empty);
    Files.createDirectories(empty.resolve("predictions/date=2026-11-01"));
    assertFails(
        "Cannot tell a trend of %s: it holds no manifest of any night. Check --store and --store-format."
            .formatted(empty),
        "--store",
        empty);
  }

  @Test
  void theScriptStartsIt() throws Exception {
    Script.Ended ended = Script.in(folder).run("report-trend", "--store", "nowhere");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ended.err())
        .isEqualTo(
            "Cannot tell a trend of nowhere: it holds no nights. Check --store and --store-format.\n");
  }

  @Tag("long")
  @Test
  void judgesEachNightByTheClassesOfItsModel() throws IOException {
    String classes = "\"0\": \"negative\",\\s*\"1\": \"positive\"";
    String others = "\"0\": \"positive\", \"1\": \"negative\"";
    Path turned =
        Nights.model(folder.resolve("turned"), config -> config.replaceAll(classes, others));
    assertThat(turned.resolve("config.json")).content().contains("\"0\": \"positive\"");
    Path store = folder.resolve("two");
    Path input = input(folder, "in.csv", "a,A wonderful film.", "b,Dreadful.");
    assertThat(run(store, "--input", input, "--date", "2026-11-01").code()).isZero();
    Ran other =
        run(store, "--input", input, "--date", "2026-11-02", "--model", turned, "--new-model");
    assertThat(other.code()).as(other.toString()).isZero();
    Path labels = folder.resolve("labels.csv");
    Files.writeString(labels, "id,label\na,positive\nb,negative\n");
    assertThat(trend("--store", store, "--labels", labels).out().replaceAll("\\s+", " "))
        .contains("Right for 2 of 4 distinct rows with labels")
        .contains("in the latest of them, 2026-11-02, 0.00 % of 2");
  }

  /** Of two labels of the first model and three of the second, whose classes have other names. */
  @Tag("long")
  @Test
  void checksTheLabelsOfAModelsOwnRows() throws IOException {
    Path renamed =
        Nights.model(
            folder.resolve("renamed"),
            config -> config.replace("negative", "bad").replace("positive", "good"));
    Path store = folder.resolve("renamed-classes");
    Path one = input(folder, "old.csv", "a,A wonderful film.", "b,Dreadful.");
    Path two = input(folder, "new.csv", "c,A wonderful film.", "d,Dreadful.", "e,A fine film.");
    assertThat(run(store, "--input", one, "--date", "2026-11-01").code()).isZero();
    Ran other =
        run(store, "--input", two, "--date", "2026-11-02", "--model", renamed, "--new-model");
    assertThat(other.code()).as(other.toString()).isZero();
    Path labels = folder.resolve("labels.csv");
    Files.writeString(labels, "id,label\na,positive\nb,negative\nc,good\nd,bad\ne,good\n");
    Ran ran = trend("--store", store, "--labels", labels);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().replaceAll("\\s+", " "))
        .contains("Right for 5 of 5 distinct rows with labels");
    Files.writeString(labels, "id,label\na,5\nb,1\nc,5\nd,1\ne,4\n");
    Object[] mapped = {"--store", store, "--labels", labels, "--label-map"};
    assertThat(trend(and(mapped, "1=negative,4-5=positive")).out().replaceAll("\\s+", " "))
        .contains("Right for 2 of 2 distinct rows with labels");
    assertThat(
            trend(and(mapped, "1=negative,5=positive,1=bad,4-5=good"))
                .out()
                .replaceAll("\\s+", " "))
        .contains("Right for 5 of 5 distinct rows with labels");
    assertThat(trend(and(mapped, "1=negative,5=posititve")).err())
        .containsExactly(
            "Cannot map labels to 'posititve': the classes of the model are negative, positive, bad, good. Fix --label-map 1=negative,5=posititve.");
  }

  private static Object[] and(Object[] arguments, Object last) {
    return Stream.concat(Stream.of(arguments), Stream.of(last)).toArray();
  }

  private static void assertFails(String message, Object... arguments) {
    Ran ran = trend(arguments);
    assertThat(ran.err()).containsExactly(message);
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
  }

  private static Ran trend(Object... arguments) {
    return Ran.locally(new ReportTrend(), arguments);
  }
}
