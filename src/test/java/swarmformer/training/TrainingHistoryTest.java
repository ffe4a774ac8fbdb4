package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TrainingHistoryTest {
  private static TrainingHistory of(double[]... lossesAndAccuracies) {
    TrainingHistory history = TrainingHistory.NONE;
    for (int i = 0; i < lossesAndAccuracies.length; i++) {
      double[] figures = lossesAndAccuracies[i];
      history = history.plus(new TrainingHistory.Epoch(i + 1, 1, 0.5, figures[0], figures[1], 1));
    }
    return history;
  }

  private static int best(double[]... lossesAndAccuracies) {
    return of(lossesAndAccuracies).best().orElseThrow().epoch();
  }

  @Test
  void choosesTheHighestAccuracyThenTheLowestLossThenTheFirst() {
    assertThat(best(new double[] {0.3, 0.8}, new double[] {0.4, 0.9}, new double[] {0.2, 0.85}))
        .isEqualTo(2);
    assertThat(best(new double[] {0.3, 0.9}, new double[] {0.2, 0.9}, new double[] {0.25, 0.9}))
        .isEqualTo(2);
    assertThat(best(new double[] {0.3, 0.9}, new double[] {0.3, 0.9})).isEqualTo(1);
  }

  @Test
  void choosesTheLastWithoutAValidation() {
    double[] none = {Double.NaN, Double.NaN};
    assertThat(best(none, none, none)).isEqualTo(3);
    assertThat(of().best()).isEmpty();
  }
}
