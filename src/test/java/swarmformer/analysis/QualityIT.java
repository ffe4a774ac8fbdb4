package swarmformer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import swarmformer.metrics.JudgedRows;

/** Calibration, temperature and coverage against numpy and scipy. */
final class QualityIT {
  private static Stream<Named<JsonNode>> cases() {
    return JudgedRows.cases().stream()
        .filter(each -> !each.get("quality").isNull())
        .map(each -> Named.of(each.get("name").asText(), each));
  }

  private static void assertClose(String what, Double actual, JsonNode expected) {
    if (expected.isNull()) {
      assertThat(actual).as(what).isNull();
    } else {
      double value = expected.doubleValue();
      double allowed = 1e-9 * Math.max(1, Math.abs(value));
      assertThat(actual).as(what).isEqualTo(value, within(allowed));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithNumpyAndScipy(JsonNode golden) {
    Dataset<Row> judged = LabelledRows.of(JudgedRows.of(golden)).coalesce(1).persist();
    JsonNode expected = golden.get("quality");
    assertAgrees(CalibrationCurve.of(judged, 1), expected.get("calibration"));
    Double temperature = Temperature.fit(judged);
    if (expected.get("scaled").isNull()) {
      assertThat(temperature).isNull();
    } else {
      assertAgrees(CalibrationCurve.of(judged, temperature), expected.get("scaled"));
    }
    assertAgrees(Coverage.of(judged, judged.count()), expected.get("coverage"));
    judged.unpersist();
  }

  private static void assertAgrees(CalibrationCurve calibration, JsonNode expected) {
    assertClose("temperature", calibration.temperature(), expected.get("temperature"));
    assertClose("log loss", calibration.logLoss(), expected.get("log_loss"));
    assertClose("expected error", calibration.expectedError(), expected.get("expected_error"));
    assertClose("greatest error", calibration.greatestError(), expected.get("greatest_error"));
    List<CalibrationCurve.Bin> bins = calibration.bins();
    assertThat(bins).hasSize(expected.get("rows").size());
    for (int i = 0; i < bins.size(); i++) {
      assertThat(bins.get(i).rows()).isEqualTo(expected.get("rows").get(i).asLong());
      assertClose("confidence", bins.get(i).confidence(), expected.get("confidence").get(i));
      assertClose("accuracy", bins.get(i).accuracy(), expected.get("accuracy").get(i));
    }
  }

  private static void assertAgrees(Coverage coverage, JsonNode expected) {
    for (int i = 0; i < 3; i++) {
      Coverage.Target target = coverage.targets().get(i);
      JsonNode other = expected.get("targets").get(i);
      assertClose("allowed error", target.allowedError(), other.get(0));
      assertThat(target.rows()).isEqualTo(other.get(1).asLong());
      assertClose("confidence", target.confidence(), other.get(2));
      assertClose("error", target.error(), other.get(3));
    }
    for (int i = 0; i < 7; i++) {
      Coverage.Threshold threshold = coverage.thresholds().get(i);
      JsonNode other = expected.get("thresholds").get(i);
      assertClose("least confidence", threshold.confidence(), other.get(0));
      assertThat(threshold.rows()).isEqualTo(other.get(1).asLong());
      assertThat(threshold.wrong()).isEqualTo(other.get(2).asLong());
    }
  }

  @Test
  void coverageEndsWithAllRows() {
    Dataset<Row> judged = LabelledRows.of(JudgedRows.of(JudgedRows.golden("two classes")));
    List<Coverage.Cut> curve = Coverage.of(judged, 300).curve();
    assertThat(curve.get(curve.size() - 1).coverage()).isOne();
    assertThat(curve).isSortedAccordingTo((a, b) -> Double.compare(a.coverage(), b.coverage()));
  }
}
