package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import swarmformer.errors.ErrorCode;

final class EvaluateOptionsTest {
  private static String refusal(String... options) {
    Ran result = Ran.of(new Evaluate(), (Object[]) options);
    assertThat(result.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(result.out()).isEmpty();
    return String.join("\n", result.err());
  }

  @Test
  void asksForPredictionsOrInput() {
    assertThat(refusal()).contains("Missing --predictions (or --input with --output");
  }

  @Test
  void refusesInputBesidePredictions() {
    assertThat(refusal("--predictions", "out", "--input", "a.csv"))
        .contains(
            "--predictions reads what was scored: it goes with --run-id, --labels, --against, --slice and --cluster-by, not with --input. Texts are read where a run is scored: give --input and --output, and these options with them. Labels that came later: --labels.");
  }

  @Test
  void takesLabelsThatCameLaterForPredictionsOnly() {
    assertThat(refusal("--input", "a.csv", "--output", "o", "--labels", "b.csv"))
        .contains("--labels goes with --predictions");
    assertThat(refusal("--predictions", "out", "--label-col", "stars"))
        .contains("not with --label-col");
    assertThat(refusal("--predictions", "out", "--labels", "b.csv", "--label-map", "1-4"))
        .contains(
            "--label-map takes VALUE=CLASS,..., FROM-TO=CLASS,... or VALUE= for no label, not '1-4'.");
  }

  @Test
  void refusesEveryOptionOfScoringBesidePredictions() {
    assertThat(refusal("--predictions", "out", "--run-id", "r", "--overwrite", "--model", "m"))
        .contains("not with ", "--overwrite", "--model");
  }

  @Test
  void refusesToCompareARunWithItself() {
    String refused = "--against names the run that is evaluated, 'r': set it to another one.";
    assertThat(refusal("--predictions", "out", "--run-id", "r", "--against", "r"))
        .contains(refused);
    assertThat(
            refusal(
                "--input", "a.csv", "--output", "o", "--run-id=r", "--overwrite", "--against=r"))
        .contains(refused);
  }

  @Test
  void asksForOutputOfInput() {
    assertThat(refusal("--input", "a.csv")).contains("Missing --output.");
  }

  @Test
  void saysWhatALabelMapLooksLike() {
    assertThat(refusal("--input", "a.csv", "--output", "o", "--label-map", "1-4"))
        .contains(
            "--label-map takes VALUE=CLASS,..., FROM-TO=CLASS,... or VALUE= for no label, not '1-4'.");
  }

  @Test
  void takesLabelsThatBeginWithAMinus() {
    assertThat(refusal("--input", "a.csv", "--label-map", "-1=negative,1=positive"))
        .startsWith("Missing --output.");
    assertThat(refusal("--input", "a.csv", "--label-map=-1=negative,1=positive"))
        .startsWith("Missing --output.");
    assertThat(refusal("--input", "a.csv", "--label-map", "-2--1=negative"))
        .startsWith("Missing --output.");
  }

  @Test
  void suggestsTheOptionThatWasMeant() {
    assertThat(refusal("--prediction", "out")).contains("--predictions");
  }
}
