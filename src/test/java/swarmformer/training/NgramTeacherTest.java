package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NgramTeacherTest {
  private static final int TOKENS = 30;

  /** Single features stand for tokens: of the positive texts more often the higher ones. */
  private static List<int[]> features(int[] labels) {
    Random random = new Random(3);
    List<int[]> features = new ArrayList<>();
    for (int label : labels) {
      features.add(
          random
              .ints(12, 0, TOKENS)
              .map(token -> random.nextInt(4) == 0 ? Math.max(token, label * 20) : token)
              .distinct()
              .toArray());
    }
    return features;
  }

  private static int[] labels() {
    return new Random(4).ints(200, 0, 2).toArray();
  }

  /**
   * Where the gradient of the loss is zero, the weights are the sum of what each text lacks: the
   * logit of a text is the sum over all texts of COST (label - probability) times their product.
   */
  @Test
  void findsTheBestWeights() {
    int[] labels = labels();
    List<int[]> features = features(labels);
    NgramTeacher teacher = NgramTeacher.fit(features, labels, 2, 1);
    double[] ratio = ratios(features, labels);
    for (int[] text : features) {
      double expected = 0;
      for (int other = 0; other < labels.length; other++) {
        double product = 1;
        for (int feature : features.get(other)) {
          for (int same : text) {
            product += feature == same ? ratio[feature] * ratio[feature] : 0;
          }
        }
        double lacking = labels[other] - teacher.shares(features.get(other))[1];
        expected += NgramTeacher.COST * lacking * product;
      }
      double share = teacher.shares(text)[1];
      assertThat(Math.log(share / (1 - share))).isCloseTo(expected, within(1e-3));
    }
  }

  private static double[] ratios(List<int[]> features, int[] labels) {
    double[][] counts = new double[2][TOKENS];
    double[] texts = new double[2];
    for (int row = 0; row < labels.length; row++) {
      texts[labels[row]]++;
      for (int feature : features.get(row)) {
        counts[labels[row]][feature]++;
      }
    }
    double[] ratios = new double[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      ratios[i] = Math.log((counts[1][i] + 1) / (counts[0][i] + 1)) - Math.log(texts[1] / texts[0]);
    }
    return ratios;
  }

  @Test
  void givesTheSameWithEverySeed() {
    int[] labels = labels();
    List<int[]> features = features(labels);
    NgramTeacher one = NgramTeacher.fit(features, labels, 2, 1);
    NgramTeacher two = NgramTeacher.fit(features, labels, 2, 2);
    for (int[] text : features) {
      assertThat(one.shares(text)[1]).isCloseTo(two.shares(text)[1], within(1e-4f));
    }
  }
}
