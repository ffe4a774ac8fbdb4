package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.errors.ErrorCode;

class OptionsTest {
  private static final String TRY = " Try 'jobs/score.sh --help'.";

  @AfterEach
  void sparkWasNotStarted() {
    assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
  }

  @Test
  void namesAllThatIsMissing() {
    assertRefuses("Missing --input (or --table). Missing --output.");
  }

  @Test
  void scoresTextsOfTheCommandLine() {
    Ran ran =
        Ran.score("--text", "A wonderful film, I loved it.", "--text", " ", "--text=Dreadful.");
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.DONE);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("  positive +8\\d\\.\\d\\d %  A wonderful .*"),
            line -> assertThat(line).startsWith("  no tokens"),
            line -> assertThat(line).matches("  negative +\\d\\d\\.\\d\\d %  Dreadful\\."));
  }

  @Test
  void takesValuesThatBeginWithAMinus() {
    Ran ran = Ran.score("--text", "- great acting", "--text=-- dreadful");
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("  positive .* - great acting"),
            line -> assertThat(line).matches("  negative .* -- dreadful"));
  }

  @Test
  void refusesAnOutputForTextsOfTheCommandLine() {
    assertRefuses(
        "--text writes nothing: it does not go with --output.", "--text", "Good.", "--output", "o");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--inptu", "--inputs"})
  void suggestsWhatAnUnknownOptionMayMean(String option) {
    Ran ran = Ran.score(option, "a.csv", "--output", "out");
    assertThat(ran.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(ran.err()).hasSize(1);
    assertThat(ran.err().get(0))
        .startsWith("Unknown option")
        .contains("'" + option + "'", "Did you mean ", "--input")
        .endsWith("?" + TRY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--outptu", "--emit-id", "--on-bad-rows"})
  void takesNoMistypedOptionForAnInput(String option) {
    Ran ran = Ran.score("--output", "out", "--input", "a.csv", option, "x");
    assertThat(ran.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(ran.err()).hasSize(1);
    assertThat(ran.err().get(0)).startsWith("Unknown option: '" + option + "'. Did you mean ");
  }

  @Test
  void refusesWhatStandsAlone() {
    assertRefuses(
        "Unmatched argument at index 4: 'stray'.", "--input", "a.csv", "--output", "out", "stray");
  }

  @Test
  void reportsAllClashesAtOnce() {
    assertRefuses(
        "--input and --table exclude each other. --format goes with --input, not with --table."
            + " --ids-col and --text-col exclude each other."
            + " --keep takes column names or all, not both."
            + " --device takes auto, cpu or cuda, not 'gpu'."
            + " --dtype takes auto, float32 or bfloat16, not 'half'."
            + " --batch-size must be at least 1, not 0. Missing --output."
            + " --on-bad-row takes keep or fail, not 'drop'.",
        "--input=a.csv --table=t --format=csv --ids-col=ids --text-col=text --keep=all,x --device=gpu --dtype=half --batch-size=0 --on-bad-row=drop"
            .split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batch-size=many|Invalid value for option '--batch-size': 'many' is not an int.",
        "--batch-size=-1|--batch-size must be at least 1, not -1.",
        "--partitions=-2|--partitions must be at least 1, or 0 for the default, not -2.",
        "--device=CUDA|--device takes auto, cpu or cuda, not 'CUDA'.",
        "--device-permits=0|--device-permits must be at least 1, not 0.",
        "--dtype=float64|--dtype takes auto, float32 or bfloat16, not 'float64'.",
        "--tokenizer=bert|--tokenizer takes fast or reference, not 'bert'.",
        "--on-bad-row=ignore|--on-bad-row takes keep or fail, not 'ignore'.",
      })
  void refusesValuesThatAnOptionDoesNotTake(String option, String why) {
    assertRefuses(why, "--input", "a.csv", "--output", "out", option);
  }

  @Test
  void refusesAnOptionWithoutItsValue() {
    assertRefuses("Missing required parameter for option '--output' (DIR).", "--output");
    assertRefuses(
        "Expected parameter for option '--output' but found '--input'.",
        "--output",
        "--input",
        "a.csv");
  }

  @Test
  void refusesAnOptionThatIsGivenTwice() {
    assertRefuses(
        "option '--output' (DIR) should be specified only once.", "--output=a", "--output=b");
  }

  @Test
  void refusesAReaderOptionWithoutAKey() {
    Ran ran = Ran.score("--input", "a.csv", "--output", "out", "--option", "header");
    assertThat(ran.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(ran.err()).hasSize(1);
    assertThat(ran.err().get(0)).contains("KEY=VALUE", "'--option'", "header").endsWith(TRY);
  }

  @Test
  void explainsItself() {
    Ran ran = Ran.score("--help");
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains(
            "Usage: jobs/score.sh",
            "--input",
            "--on-bad-row",
            "cuda. Default: auto.",
            "Exit codes");
  }

  @Test
  void tellsItsVersion() {
    Ran ran = Ran.score("--version");
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out().strip()).matches("swarmformer-spark \\S+");
  }

  @Test
  void refusesToEvaluateWithoutOrWithTooMuchInput() {
    Ran nothing = Ran.of(new Evaluate());
    assertThat(nothing.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(nothing.err())
        .containsExactly(
            "Missing --predictions (or --input with --output, to score first). Try 'jobs/evaluate.sh --help'.");
    Ran both = Ran.of(new Evaluate(), "--predictions", "out", "--input", "a.csv");
    assertThat(both.err())
        .containsExactly(
            "--predictions reads what was scored: it goes with --run-id, --labels, --against, --slice and --cluster-by, not with --input. Texts are read where a run is scored: give --input and --output, and these options with them. Labels that came later: --labels. Try 'jobs/evaluate.sh --help'.");
  }

  private static void assertRefuses(String why, String... arguments) {
    Ran ran = Ran.score((Object[]) arguments);
    assertThat(ran.err()).containsExactly(why + TRY);
    assertThat(ran.code()).isEqualTo(ErrorCode.USAGE.exitCode());
  }
}
