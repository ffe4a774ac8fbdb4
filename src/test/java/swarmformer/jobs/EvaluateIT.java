package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.errors.ErrorCode;

final class EvaluateIT {
  @TempDir private static Path folder;

  /**
   * Holds the runs {@code z-older}, of the samples, and {@code a-newer}, of a text without label.
   */
  private static Path output;

  private static Ran scoredFirst;

  @BeforeAll
  static void scoreTwoRuns() throws IOException {
    output = folder.resolve("output");
    scoredFirst = score("samples/reviews.csv", output, "z-older");
    Path unlabelled = folder.resolve("unlabelled.csv");
    Files.writeString(unlabelled, "text\nA wonderful film.\n");
    assertThat(score(unlabelled.toString(), output, "a-newer").code()).isZero();
  }

  private static Ran score(String input, Path to, String runId) {
    return Ran.locally(
        new Evaluate(), "--input", input, "--output", to.toString(), "--run-id", runId);
  }

  private static Ran evaluate(String... options) {
    return Ran.locally(new Evaluate(), (Object[]) options);
  }

  private static Ran evaluate(Path runs) {
    return evaluate("--predictions", runs.toString());
  }

  private static JsonNode figures(Path runs, String runId) {
    return Golden.json(runs.resolve("run=" + runId).resolve("evaluation/metrics.json"));
  }

  private static JsonNode withoutCommand(JsonNode figures) {
    return figures.<ObjectNode>deepCopy().without("evaluation_command");
  }

  /** A copy of the older run in an output of its own. */
  private static Path copyOfOlder(String name) throws IOException {
    Path copy = folder.resolve(name);
    FileUtils.copyDirectory(
        output.resolve("run=z-older").toFile(), copy.resolve("run=z-older").toFile());
    return copy;
  }

  @Test
  void scoresFirstAndPrintsBoth() {
    assertThat(scoredFirst.code()).isZero();
    assertThat(scoredFirst.out())
        .contains("Scored 305 of 310 texts", "Evaluated 305 of 310 rows: ")
        .contains(" on cpu", "4,302,850, all trainable")
        .containsPattern("negative +\\d+ +\\d+ +\\d+\\.\\d\\d %")
        .contains("Note: Rows without a label, not evaluated: 5.")
        .doesNotContain("file:", "NaN", "null,");
    assertThat(scoredFirst.out().lines().filter(line -> !line.contains(folder.toString())))
        .allMatch(line -> line.length() < 100);
  }

  @Test
  void beginsWithAVerdict() {
    assertThat(scoredFirst.out())
        .contains("Right for 80 of 100; always saying negative would be right for 50 of 100.")
        .containsPattern("base rate +50\\.16 %")
        .doesNotContain("takara-ai");
    assertThat(figures(output, "z-older").get("published_accuracy").isNull()).isTrue();
  }

  @Test
  void writesFiguresThatAddUp() {
    JsonNode figures = figures(output, "z-older");
    JsonNode matrix = figures.get("confusion_matrix");
    long right = matrix.get(0).get(0).asLong() + matrix.get(1).get(1).asLong();
    assertThat(figures.get("evaluated").asLong()).isEqualTo(305);
    assertThat(figures.get("accuracy").doubleValue()).isEqualTo(right / 305.0);
    assertThat(figures.get("accuracy").doubleValue()).isBetween(0.8, 0.81);
    assertThat(figures.get("class_names")).hasToString("[\"negative\",\"positive\"]");
    assertThat(figures.get("hyper_parameters").get("T_local").asLong()).isEqualTo(3);
    assertThat(figures.get("truncation_side").asText()).isEqualTo("left");
  }

  @Test
  void writesTheSameFiguresAsParquet() throws IOException {
    Path evaluation = output.resolve("run=z-older/evaluation");
    String row =
        LocalSpark.session()
            .read()
            .parquet(evaluation.resolve("metrics").toString())
            .select(to_json(struct(col("*")), Map.of("ignoreNullFields", "false")))
            .as(Encoders.STRING())
            .head();
    JsonNode parquet = new ObjectMapper().readTree(row);
    JsonNode json = figures(output, "z-older");
    json.properties()
        .forEach(figure -> assertThat(parquet.get(figure.getKey())).isEqualTo(figure.getValue()));
    assertThat(parquet).hasSize(json.size());
  }

  @Test
  void writesAPageAndSaysWhereLast() throws IOException {
    Path page = output.resolve("run=z-older/evaluation/report.html");
    assertThat(scoredFirst.out().lines().reduce((first, second) -> second))
        .contains("Report: " + page);
    assertThat(Files.readString(page))
        .contains("245 of 305 right", "--run-id z-older", "ROC curve", "By length")
        .doesNotContain("http:", "https:", "NaN", "Infinity");
  }

  /** The samples' labels in a file of their own, as stars and turned round. */
  @Test
  void evaluatesWithLabelsThatCameLater() throws IOException {
    Path runs = copyOfOlder("later");
    Path labels = folder.resolve("stars.csv");
    StringBuilder stars = new StringBuilder("review;stars\nanother;5\nthird;3\n");
    LocalSpark.session()
        .read()
        .parquet(runs.resolve("run=z-older/predictions").toString())
        .where("label IS NOT NULL")
        .selectExpr("concat(id, if(label = 1, ';1', ';5'))")
        .as(Encoders.STRING())
        .collectAsList()
        .forEach(line -> stars.append(line).append('\n'));
    Files.writeString(labels, stars.toString());
    Ran result =
        evaluate(
            "--predictions",
            runs.toString(),
            "--labels",
            labels.toString(),
            "--option",
            "sep=;",
            "--id-col",
            "review",
            "--label-col",
            "stars",
            "--label-map",
            "1=negative,4-5=positive");
    assertThat(result.code()).as(result.err().toString()).isZero();
    JsonNode turned = figures(runs, "z-older");
    JsonNode before = figures(output, "z-older");
    assertThat(turned.get("rows")).isEqualTo(before.get("rows"));
    assertThat(turned.get("evaluated")).isEqualTo(before.get("evaluated"));
    assertThat(turned.get("accuracy").doubleValue())
        .isCloseTo(1 - before.get("accuracy").doubleValue(), within(1e-12));
  }

  /** Of stars of one to five: the first is a class number, and the others are none. */
  @Test
  void refusesRunsOfWhichMostLabelsAreUnrecognised() throws IOException {
    Path runs = scoredWithLabels("run-of-stars", "1", "2", "3", "4", "5");
    Ran result = evaluate(runs);
    assertThat(result.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(result.err())
        .containsExactly(
            "Cannot evaluate with the labels of run 'r': 4 of 5 are not classes of the model (negative, positive). Score again and say what they mean, as in --label-map '1-4=negative,7-10=positive', or give other labels with --labels.");
    Path labels = folder.resolve("labels-of-stars.csv");
    Files.writeString(labels, "id,label\n0,positive\n");
    assertThat(evaluate("--predictions", runs.toString(), "--labels", labels.toString()).out())
        .contains("Evaluated 1 of 5 rows")
        .doesNotContain("Unrecognised");
  }

  @Test
  void tellsUnrecognisedLabelsOfARun() throws IOException {
    Path runs = scoredWithLabels("run-with-some", "neg", "pos", "meh", "");
    Ran result = evaluate(runs);
    assertThat(result.out())
        .as("%s", result.err())
        .contains(
            "Evaluated 2 of 4 rows",
            "Note: Rows without a label, not evaluated: 2.",
            "Note: Unrecognised labels, not evaluated: 1. Their rows count as without a label.");
    assertThat(runs.resolve("run=r/evaluation/report.html"))
        .content()
        .contains("Unrecognised labels, not evaluated: 1.");
  }

  @Test
  void warnsOfUnrecognisedLabelsThatCameLater() throws IOException {
    Path runs = scoredWithLabels("no-labels-yet", "", "", "", "");
    Path labels = folder.resolve("later-with-some.csv");
    Files.writeString(labels, "id,label\n0,neg\n1,pos\n2,meh\n9,bah\n");
    Ran result = evaluate("--predictions", runs.toString(), "--labels", labels.toString());
    assertThat(result.out())
        .as("%s", result.err())
        .contains(
            "Warning: unrecognised labels, not evaluated: 1.",
            "  Found: 'meh' (1). --label-map says what labels mean.",
            "Evaluated 2 of 4 rows",
            "Note: Unrecognised labels, not evaluated: 1.");
  }

  /** A run {@code r} of texts with ids from 0 and these labels. */
  private static Path scoredWithLabels(String name, String... labels) throws IOException {
    Path input = folder.resolve(name + ".csv");
    StringBuilder csv = new StringBuilder("id,text,label\n");
    for (int i = 0; i < labels.length; i++) {
      csv.append(i).append(",A wonderful film.,").append(labels[i]).append('\n');
    }
    Files.writeString(input, csv.toString());
    Path runs = folder.resolve(name);
    Ran scored = Ran.locally(new Score(), "--input", input, "--output", runs, "--run-id", "r");
    assertThat(scored.code()).as("%s", scored.err()).isZero();
    return runs;
  }

  /** By their texts, from which both make the same ids. */
  @Test
  void findsRowsWithoutIdsByTheirTexts() throws IOException {
    Path labels = folder.resolve("by-text.csv");
    Files.writeString(labels, "text,label\nA wonderful film.,positive\nAnother.,negative\n");
    Path runs = folder.resolve("by-text");
    FileUtils.copyDirectory(
        output.resolve("run=a-newer").toFile(), runs.resolve("run=a-newer").toFile());
    Ran result = evaluate("--predictions", runs.toString(), "--labels", labels.toString());
    assertThat(result.out()).as(result.err().toString()).contains("Evaluated 1 of 1 rows: 1 right");
  }

  /** As large files are read, whose records are lines. */
  @Test
  void refusesLabelsThatCannotBeParsed() throws IOException {
    Path labels = folder.resolve("labels-by-lines.csv");
    Files.writeString(labels, "id,label,by\nr001,positive,me\nr002,positive\n");
    Ran result =
        evaluate(
            "--predictions",
            output.toString(),
            "--run-id",
            "z-older",
            "--labels",
            labels.toString(),
            "--option",
            "multiLine=false");
    assertThat(result.err())
        .containsExactly(
            "Cannot read the labels of %s: 1 records cannot be parsed. Fix them."
                .formatted(labels));
  }

  @Test
  void refusesLabelsThatFitNoRow() throws IOException {
    Path labels = folder.resolve("labels-of-others.csv");
    Files.writeString(labels, "id,label\nx1,positive\n");
    refuses(labels, "none of its ids is an id of the predictions");
    Files.writeString(labels, "id,label\nr001,positive\nr001,negative\n");
    refuses(labels, "1 ids have several that differ, as 'r001'. Leave one for each.");
    Files.writeString(labels, "id,label\nr001,4\n");
    refuses(labels, "1 of 1 are not classes of the model (negative, positive)");
    Files.writeString(labels, "number,label\nr001,positive\n");
    refuses(
        labels,
        "no column 'id', and no column 'text' to make ids from. Columns found: number, label. Set --id-col.");
    Files.writeString(labels, "id,stars\nr001,positive\n");
    refuses(labels, "no column 'label'. Columns found: id, stars. Set --label-col.");
  }

  private static void refuses(Path labels, String why) {
    Ran result =
        evaluate(
            "--predictions",
            output.toString(),
            "--run-id",
            "z-older",
            "--labels",
            labels.toString());
    assertThat(result.code()).as(result.err().toString()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(String.join("\n", result.err())).contains(why);
  }

  /** Of a kept column {@code text} beside the one that was scored. */
  @Test
  void showsNoTextsThatWereNotScored() throws IOException {
    Path input = folder.resolve("titles.csv");
    Files.writeString(
        input,
        """
        id,body,text,label
        1,"A wonderful film, I loved it.","A WONDERFUL FILM, I LOVED IT.",negative
        """);
    Path runs = folder.resolve("titles");
    Ran scored =
        Ran.locally(
            new Score(),
            "--input",
            input.toString(),
            "--text-col=body",
            "--keep=text",
            "--output",
            runs.toString(),
            "--run-id=r");
    assertThat(scored.code()).as("%s", scored.err()).isZero();
    assertThat(evaluate(runs).code()).isZero();
    assertThat(figures(runs, "r").at("/quality/mistakes").findValuesAsText("text"))
        .containsExactly("null");
  }

  @Test
  void slicesByColumnsThatItKeepsForThat() throws IOException {
    Path runs = folder.resolve("sliced");
    Ran result =
        Ran.locally(
            new Evaluate(),
            "--input",
            "samples/reviews.csv",
            "--output",
            runs.toString(),
            "--run-id",
            "r",
            "--slice",
            "date,sentiment,label",
            "--cluster-by=truncated");
    assertThat(result.code()).as("%s", result.err()).isZero();
    JsonNode slices = figures(runs, "r").get("slices");
    assertThat(slices.get(2).get("column").asText()).isEqualTo("date");
    assertThat(slices.get(2).get("slices").get(0).get("value").asText()).startsWith("2026-");
    assertThat(slices.get(3).get("column").asText()).isEqualTo("sentiment");
    assertThat(slices.get(4).get("column").asText()).isEqualTo("label");
    comparesBySliceAndGroup(runs);
  }

  private static void comparesBySliceAndGroup(Path runs) throws IOException {
    FileUtils.copyDirectory(runs.resolve("run=r").toFile(), runs.resolve("run=copy").toFile());
    Ran result =
        evaluate(
            "--predictions",
            runs.toString(),
            "--run-id=r",
            "--against=copy",
            "--slice=date",
            "--cluster-by=label");
    assertThat(result.code()).as("%s", result.err()).isZero();
    assertThat(result.out())
        .contains("heed the 2 groups of label", "by date")
        .containsPattern("2026-\\S+ +\\d+ +\\S+ % +\\S+ %  \\+0\\.00 points \\(−");
    assertThat(result.out().lines().filter(line -> !line.contains(folder.toString())))
        .allMatch(line -> line.length() < 100);
    JsonNode comparison = figures(runs, "r").get("comparison");
    assertThat(comparison.get("significance").get("groups").get("number").asLong()).isEqualTo(2);
    JsonNode slice = comparison.get("slices").get(0).get("slices").get(0);
    assertThat(slice.get("accuracy_here")).isEqualTo(slice.get("accuracy_there"));
    assertThat(slice.get("interval").get("low").doubleValue()).isNegative();
    assertThat(runs.resolve("run=r/evaluation/report.html")).content().contains("Other run");
  }

  @Test
  void refusesToSliceByWhatWasNotKept() {
    Ran result =
        evaluate("--predictions", output.toString(), "--run-id", "z-older", "--slice", "date");
    assertThat(result.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(result.err())
        .singleElement()
        .asString()
        .contains("Cannot slice by 'date'", "--keep date");
  }

  @Test
  void comparesWithAnEarlierRun() throws IOException {
    Path runs = copyOfOlder("compared");
    FileUtils.copyDirectory(
        runs.resolve("run=z-older").toFile(), runs.resolve("run=other").toFile());
    Ran result =
        evaluate("--predictions", runs.toString(), "--run-id", "z-older", "--against", "other");
    assertThat(result.code()).as("%s", result.err()).isZero();
    JsonNode comparison = figures(runs, "z-older").get("comparison");
    assertThat(comparison.get("counts").get("both_right").asLong()).isEqualTo(245);
    assertThat(comparison.get("counts").get("both_wrong").asLong()).isEqualTo(60);
    assertThat(comparison.get("significance").get("p_value").doubleValue()).isOne();
    assertThat(result.out())
        .contains("On 305 rows of both, this run is exactly as accurate as run other");
    assertThat(Files.readString(runs.resolve("run=z-older/evaluation/report.html")))
        .contains("Run other, on 305 rows of both", "McNemar");
    assertThat(comparison.get("significance").get("groups").isNull()).isTrue();
    assertThat(comparison.get("slices")).isEmpty();
  }

  @Test
  void refusesAnEarlierRunOfOtherClasses() throws IOException {
    Path runs = copyOfOlder("classes");
    FileUtils.copyDirectory(
        runs.resolve("run=z-older").toFile(), runs.resolve("run=other").toFile());
    LocalSpark.session()
        .read()
        .parquet(runs.resolve("run=z-older/metrics").toString())
        .withColumn(
            "model_config",
            replace(
                replace(
                    replace(col("model_config"), lit("positive"), lit("?")),
                    lit("negative"),
                    lit("positive")),
                lit("?"),
                lit("negative")))
        .write()
        .mode("overwrite")
        .parquet(runs.resolve("run=other/metrics").toString());
    Ran result =
        evaluate("--predictions", runs.toString(), "--run-id", "z-older", "--against", "other");
    assertThat(result.err())
        .containsExactly(
            "Cannot compare with run 'other': its model has the classes positive, negative, this one negative, positive. Set --against to a run of the same classes in the same order.");
  }

  @Test
  void saysWhereNoEarlierRunIs() {
    assertMissing(
        evaluate("--predictions", output.toString(), "--run-id", "z-older", "--against", "none"),
        "no complete run 'none'.");
  }

  @Test
  void looksForTheEarlierRunBeforeItScores() {
    Ran result =
        evaluate(
            "--input",
            "samples/reviews.csv",
            "--output",
            output.toString(),
            "--run-id",
            "never",
            "--against",
            "none");
    assertMissing(result, "no complete run 'none'.");
    assertThat(output.resolve("run=never")).doesNotExist();
  }

  @Test
  void refusesAnEarlierRunOfOtherRows() {
    Ran result =
        evaluate("--predictions", output.toString(), "--run-id", "z-older", "--against", "a-newer");
    assertThat(result.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(result.err())
        .singleElement()
        .asString()
        .contains("Cannot compare with run 'a-newer'");
  }

  @Test
  void refusesToCompareTheNewestRunWithItself() {
    Ran result = evaluate("--predictions", output.toString(), "--against", "a-newer");
    assertThat(result.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(result.err())
        .containsExactly(
            "Cannot compare run 'a-newer' with itself. Set --against to another run, or --run-id.");
  }

  @Test
  void takesTheNewestRun() {
    Ran result = evaluate(output);
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Evaluated 0 of 1 rows", "a-newer");
  }

  @Test
  void takesAnOlderRunById() {
    Ran result = evaluate("--predictions", output.toString(), "--run-id", "z-older");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Evaluated 305 of 310 rows", "z-older");
  }

  @Test
  void replacesAnOlderEvaluation() throws IOException {
    Path runs = copyOfOlder("replaced");
    Path evaluation = runs.resolve("run=z-older/evaluation");
    Files.writeString(evaluation.resolve("stale"), "");
    JsonNode before = figures(runs, "z-older");
    Files.writeString(evaluation.resolve("metrics.json"), "{}");
    assertThat(evaluate(runs).code()).isZero();
    JsonNode after = figures(runs, "z-older");
    assertThat(after.get("evaluation_command").asText()).contains("--predictions " + runs);
    assertThat(withoutCommand(after)).isEqualTo(withoutCommand(before));
    assertThat(evaluation.resolve("stale")).doesNotExist();
    try (Stream<Path> left = Files.list(runs)) {
      assertThat(left).containsExactly(runs.resolve("run=z-older"));
    }
  }

  @Test
  void passesOverIncompleteRuns() throws IOException {
    Path runs = copyOfOlder("incomplete");
    Path incomplete = runs.resolve("run=zz");
    FileUtils.copyDirectory(output.resolve("run=a-newer").toFile(), incomplete.toFile());
    Files.delete(incomplete.resolve("run.json"));
    assertThat(evaluate(runs).out()).contains("Evaluated 305 of 310 rows", "z-older");
    Ran named = evaluate("--predictions", runs.toString(), "--run-id", "zz");
    assertThat(named.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(named.err()).singleElement().asString().contains("it holds no complete run 'zz'");
  }

  @Test
  void namesDamagedPredictions() throws IOException {
    Path runs = copyOfOlder("damaged");
    try (Stream<Path> files = Files.list(runs.resolve("run=z-older/predictions"))) {
      Path file = files.filter(it -> it.toString().endsWith(".parquet")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      java.util.Arrays.fill(bytes, 4, bytes.length / 2, (byte) 7); // the footer stays
      Files.write(file, bytes);
    }
    Ran ran = evaluate(runs);
    assertThat(ran.code()).as("%s", ran.err()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err()).singleElement().asString().contains("a file is damaged", ".parquet");
  }

  @Test
  void findsRunsThatWereRenamed() throws IOException {
    Path runs = copyOfOlder("renamed");
    Files.move(runs.resolve("run=z-older"), runs.resolve("run=2026"));
    assertThat(evaluate("--predictions", runs.toString(), "--run-id", "2026").code()).isZero();
  }

  @Test
  void saysWhereNoRunIs() {
    assertMissing(evaluate(folder.resolve("nowhere")), "no complete run.");
    assertMissing(evaluate(Path.of("samples")), "no complete run.");
    assertMissing(
        evaluate("--predictions", output.toString(), "--run-id", "none"),
        "no complete run 'none'.");
  }

  private static void assertMissing(Ran result, String reason) {
    assertThat(result.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(result.err()).singleElement().asString().contains(reason, "--predictions");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void textsWithoutLabelsGiveDefinedFigures() {
    Ran result = evaluate("--predictions", output.toString(), "--run-id", "a-newer");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("so no figure means anything", "without a label, not evaluated: 1.")
        .doesNotContain("accuracy", "NaN");
    JsonNode figures = figures(output, "a-newer");
    assertThat(figures.get("accuracy").doubleValue()).isZero();
    assertThat(figures.get("log_loss").isNull()).isTrue();
    assertThat(figures.get("notes")).hasSize(2);
    assertThat(figures.get("quality").isNull()).isTrue();
    assertThat(output.resolve("run=a-newer/evaluation/report.html"))
        .content()
        .contains("No figures")
        .doesNotContain("NaN");
  }

  @Test
  void noTextsGiveDefinedFigures() throws IOException {
    Path input = folder.resolve("empty.csv");
    Files.writeString(input, "text,label\n");
    Ran result = score(input.toString(), folder.resolve("empty"), "r");
    assertThat(result.code()).as("%s", result.err()).isZero();
    assertThat(result.out()).contains("Evaluated 0 of 0 rows").doesNotContain("NaN");
    assertThat(figures(folder.resolve("empty"), "r").get("mean_sample_ms").isNull()).isTrue();
  }
}
