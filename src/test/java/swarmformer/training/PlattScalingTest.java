package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PlattScalingTest {
  @Test
  void findsHowTheLabelsWereDrawn() {
    Random random = new Random(1);
    double[] logits = random.doubles(50_000, -6, 6).toArray();
    boolean[] positive = new boolean[logits.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = random.nextDouble() < 1 / (1 + Math.exp(-(0.5 * logits[i] - 2)));
    }
    PlattScaling scaling = PlattScaling.fit(logits, positive);
    assertThat(scaling.slope()).isCloseTo(0.5, within(0.02));
    assertThat(scaling.offset()).isCloseTo(-2, within(0.06));
    assertThat(scaling.probability(4)).isCloseTo(0.5, within(0.02));
  }

  /** Without targets of less than 1 the slope would grow without end. */
  @Test
  void staysFiniteWhereALogitTellsTheLabelOfEveryText() {
    PlattScaling scaling =
        PlattScaling.fit(new double[] {-9, -1, 1, 9}, new boolean[] {false, false, true, true});
    assertThat(scaling.probability(1)).isBetween(0.51, 0.75);
    assertThat(scaling.probability(-1)).isCloseTo(1 - scaling.probability(1), within(1e-6));
  }

  @Test
  void givesTheShareOfALabelWhereLogitsSayNothing() {
    boolean[] positive = new boolean[100];
    Arrays.fill(positive, 0, 10, true);
    PlattScaling scaling = PlattScaling.fit(new double[100], positive);
    assertThat(scaling.probability(0)).isCloseTo(0.1, within(0.02));
  }
}
