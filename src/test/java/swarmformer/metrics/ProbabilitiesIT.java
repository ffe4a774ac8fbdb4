package swarmformer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ProbabilitiesIT {
  private static final Offset<Double> CLOSE = within(1e-12);

  private static Probabilities of(int classes, Row... rows) {
    return Probabilities.of(JudgedRows.of(rows), classes);
  }

  @Test
  void undecidedLogitsLoseOneBit() {
    Probabilities even = of(2, JudgedRows.row(0, 0, 2f, 2f), JudgedRows.row(1, 0, -9f, -9f));
    assertThat(even.logLoss()).isEqualTo(Math.log(2), CLOSE);
    assertThat(even.brier()).isEqualTo(0.25, CLOSE);
    assertThat(even.rocAuc()).isEqualTo(0.5, CLOSE);
  }

  @Test
  void sureAndWrongLosesWhatTheLogitsDiffer() {
    Probabilities wrong = of(2, JudgedRows.row(1, 0, 80f, -80f), JudgedRows.row(0, 1, -80f, 80f));
    assertThat(wrong.logLoss()).isEqualTo(160);
    assertThat(wrong.brier()).isEqualTo(1, CLOSE);
    assertThat(wrong.rocAuc()).isZero();
  }

  @Test
  void sureAndRightStillLosesALittle() {
    Probabilities right = of(2, JudgedRows.row(1, 1, -10f, 10f));
    assertThat(right.logLoss()).isEqualTo(Math.log1p(Math.exp(-20)), within(1e-15));
    assertThat(right.brier()).isCloseTo(Math.pow(Math.exp(-20), 2), within(1e-16));
  }

  @Test
  void brierScoreOfManyClassesIsSummedOverThem() {
    Probabilities even = of(3, JudgedRows.row(2, 0, 1f, 1f, 1f));
    assertThat(even.brier()).isEqualTo(2 / 9.0 + 4 / 9.0, CLOSE);
    assertThat(even.logLoss()).isEqualTo(Math.log(3), CLOSE);
    assertThat(even.rocAuc()).isNull();
  }

  @Test
  void rocAucTellsScoresApartWhoseProbabilitiesAreBothOne() {
    Probabilities ordered = of(2, JudgedRows.row(1, 1, -80f, 80f), JudgedRows.row(0, 1, -79f, 79f));
    assertThat(ordered.rocAuc()).isOne();
  }

  @Test
  void zeroOfEitherSignIsOneScore() {
    Probabilities tied = of(2, JudgedRows.row(1, 0, 0f, -0f), JudgedRows.row(0, 0, -0f, 0f));
    assertThat(tied.rocAuc()).isEqualTo(0.5);
  }

  @Test
  void rocAucIsTheShareOfPairsInOrder() {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(JudgedRows.row(random.nextInt(2), 0, 0f, (float) random.nextInt(8)));
    }
    assertThat(of(2, rows.toArray(Row[]::new)).rocAuc()).isEqualTo(pairsInOrder(rows), CLOSE);
  }

  private static double pairsInOrder(List<Row> rows) {
    double sum = 0;
    long pairs = 0;
    for (Row positive : rows) {
      for (Row negative : rows) {
        if (positive.getInt(0) == 1 && negative.getInt(0) == 0) {
          pairs++;
          sum += (Math.signum(score(positive) - score(negative)) + 1) / 2;
        }
      }
    }
    return sum / pairs;
  }

  private static float score(Row row) {
    return ((Float[]) row.get(2))[1];
  }

  @Test
  void nothingHasNoFigures() {
    assertThat(of(2)).isEqualTo(new Probabilities(null, null, null));
    assertThat(of(3)).isEqualTo(new Probabilities(null, null, null));
  }
}
