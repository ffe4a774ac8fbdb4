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
    PlattScaling scaling = PlattScaling.fit(logits, new int[logits.length], positive);
    assertThat(scaling.slope()).isCloseTo(0.5, within(0.02));
    assertThat(scaling.offset()).isCloseTo(-2, within(0.06));
    assertThat(scaling.probability(4, 0)).isCloseTo(0.5, within(0.02));
  }

  @Test
  void findsWhatEachTokenAdds() {
    Random random = new Random(2);
    double[] logits = random.doubles(50_000, -6, 6).toArray();
    int[] lengths = random.ints(logits.length, 10, 256).toArray();
    boolean[] positive = new boolean[logits.length];
    for (int i = 0; i < positive.length; i++) {
      double logit = logits[i] + 1 - 0.01 * lengths[i];
      positive[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit));
    }
    PlattScaling scaling = PlattScaling.fit(logits, lengths, positive);
    assertThat(scaling.perToken()).isCloseTo(-0.01, within(0.0005));
    assertThat(scaling.probability(0, 100)).isCloseTo(0.5, within(0.02));
  }

  /** As it is where all texts are as long as the window. */
  @Test
  void staysFiniteWhereAllTextsAreOfOneLength() {
    double[] logits = new Random(3).doubles(1_000, -6, 6).toArray();
    boolean[] positive = new boolean[logits.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = logits[i] > 0;
    }
    int[] lengths = new int[logits.length];
    Arrays.fill(lengths, 256);
    PlattScaling scaling = PlattScaling.fit(logits, lengths, positive);
    assertThat(scaling.probability(3, 256)).isGreaterThan(0.9);
    assertThat(scaling.probability(-3, 256)).isLessThan(0.1);
  }

  /** Without targets of less than 1 the slope would grow without end. */
  @Test
  void staysFiniteWhereALogitTellsTheLabelOfEveryText() {
    PlattScaling scaling =
        PlattScaling.fit(
            new double[] {-9, -1, 1, 9}, new int[4], new boolean[] {false, false, true, true});
    assertThat(scaling.probability(1, 0)).isBetween(0.51, 0.75);
    assertThat(scaling.probability(-1, 0)).isCloseTo(1 - scaling.probability(1, 0), within(1e-6));
  }

  @Test
  void givesTheShareOfALabelWhereLogitsSayNothing() {
    boolean[] positive = new boolean[100];
    Arrays.fill(positive, 0, 10, true);
    PlattScaling scaling = PlattScaling.fit(new double[100], new int[100], positive);
    assertThat(scaling.probability(0, 0)).isCloseTo(0.1, within(0.02));
  }
}
