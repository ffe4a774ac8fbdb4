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
  private static List<NgramTeacher.Text> texts(int[] labels) {
    Random random = new Random(3);
    List<NgramTeacher.Text> texts = new ArrayList<>();
    for (int label : labels) {
      int[] features =
          random
              .ints(12, 0, TOKENS)
              .map(token -> random.nextInt(4) == 0 ? Math.max(token, label * 20) : token)
              .distinct()
              .toArray();
      float[] vector = {(float) random.nextGaussian() + label, (float) random.nextGaussian()};
      texts.add(new NgramTeacher.Text(features, vector, 0));
    }
    return texts;
  }

  private static int[] labels() {
    return new Random(4).ints(200, 0, 2).toArray();
  }

  private static NgramTeacher fit(List<NgramTeacher.Text> texts, int[] labels, long seed) {
    return NgramTeacher.fit(texts, NgramTeacher.Numbering.of(texts), labels, 2, seed);
  }

  /**
   * Where the gradient of the loss is zero, the weights are the sum of what each text lacks: the
   * logit of a text is the sum over all texts of COST (label - probability) times their product.
   */
  @Test
  void findsTheBestWeights() {
    int[] labels = labels();
    List<NgramTeacher.Text> texts = texts(labels);
    NgramTeacher teacher = fit(texts, labels, 1);
    double[] ratio = ratios(texts, labels);
    for (NgramTeacher.Text text : texts) {
      double expected = 0;
      for (int other = 0; other < labels.length; other++) {
        double product = 1;
        for (int i = 0; i < 2; i++) {
          product += texts.get(other).vector()[i] * text.vector()[i];
        }
        for (int feature : texts.get(other).features()) {
          for (int same : text.features()) {
            product += feature == same ? ratio[feature] * ratio[feature] : 0;
          }
        }
        double lacking = labels[other] - teacher.shares(texts.get(other))[1];
        expected += NgramTeacher.COST * lacking * product;
      }
      double share = teacher.shares(text)[1];
      assertThat(Math.log(share / (1 - share))).isCloseTo(expected, within(1e-3));
    }
  }

  private static double[] ratios(List<NgramTeacher.Text> texts, int[] labels) {
    double[][] counts = new double[2][TOKENS];
    double[] ofClass = new double[2];
    for (int row = 0; row < labels.length; row++) {
      ofClass[labels[row]]++;
      for (int feature : texts.get(row).features()) {
        counts[labels[row]][feature]++;
      }
    }
    double[] ratios = new double[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      ratios[i] =
          Math.log((counts[1][i] + 1) / (counts[0][i] + 1)) - Math.log(ofClass[1] / ofClass[0]);
    }
    return ratios;
  }

  @Test
  void givesTheSameWithEverySeed() {
    int[] labels = labels();
    List<NgramTeacher.Text> texts = texts(labels);
    NgramTeacher one = fit(texts, labels, 1);
    NgramTeacher two = fit(texts, labels, 2);
    for (NgramTeacher.Text text : texts) {
      assertThat(one.shares(text)[1]).isCloseTo(two.shares(text)[1], within(1e-4f));
    }
  }
}
