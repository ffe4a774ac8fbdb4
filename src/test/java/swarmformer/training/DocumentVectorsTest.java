package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DocumentVectorsTest {
  private static final int TEXTS = 200;
  private static final int RARE = 100;

  /**
   * Half of the tokens of a text are from 0 to 49, or, in every other text, from 50 to 99; the
   * other half are from 101 to 150 in all texts.
   */
  private static List<int[]> texts() {
    Random random = new Random(3);
    List<int[]> texts = new ArrayList<>();
    for (int row = 0; row < TEXTS; row++) {
      int first = 50 * (row % 2);
      texts.add(
          random.ints(40, 0, 50).map(of -> random.nextBoolean() ? first + of : 101 + of).toArray());
    }
    return texts;
  }

  private static List<float[]> fit(List<int[]> texts, int epochs, double length, long seed) {
    return DocumentVectors.fit(texts, epochs, length, seed, pass -> {});
  }

  private static double product(float[] one, float[] other) {
    double product = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
    }
    return product;
  }

  @Test
  void textsOfLikeTokensAreAlike() {
    List<float[]> vectors = fit(texts(), 100, 3, 1);
    double alike = 0;
    double unlike = 0;
    for (int row = 0; row < TEXTS; row += 2) {
      alike += product(vectors.get(row), vectors.get((row + 2) % TEXTS)) / 9;
      unlike += product(vectors.get(row), vectors.get(row + 1)) / 9;
    }
    assertThat(alike / (TEXTS / 2)).isGreaterThan(unlike / (TEXTS / 2) + 0.15);
  }

  @Test
  void vectorsHaveTheLengthAskedFor() {
    for (float[] vector : fit(texts(), 1, 3, 1)) {
      assertThat(product(vector, vector)).isCloseTo(9, within(1e-4));
    }
  }

  /** A token of fewer than five texts tells little of them. */
  @Test
  void aTextOfRareTokensHasNoVector() {
    List<int[]> texts = texts();
    texts.add(new int[] {RARE});
    texts.add(new int[] {});
    List<float[]> vectors = fit(texts, 1, 3, 1);
    assertThat(vectors.get(TEXTS)).containsOnly(0);
    assertThat(vectors.get(TEXTS + 1)).containsOnly(0);
  }

  /**
   * Some of many vectors come close to 0 on their way, where the square of their length is lost.
   */
  @Test
  void vectorsStayNumbersHoweverManyTheyAre() {
    Random random = new Random(3);
    List<int[]> texts =
        Stream.generate(
                () ->
                    random
                        .doubles(120)
                        .mapToInt(of -> (int) Math.pow(20_000, of))
                        .distinct()
                        .toArray())
            .limit(3_000)
            .toList();
    for (float[] vector : fit(texts, 3, 3, 1)) {
      assertThat(product(vector, vector)).isCloseTo(9, within(1e-4));
    }
  }

  @Test
  void aSeedGivesTheSameVectors() {
    List<float[]> vectors = fit(texts(), 2, 1, 1);
    assertThat(fit(texts(), 2, 1, 1).get(7)).isEqualTo(vectors.get(7));
    assertThat(fit(texts(), 2, 1, 2).get(7)).isNotEqualTo(vectors.get(7));
  }

  @Test
  void tellsOfEachPass() {
    List<Integer> passes = new ArrayList<>();
    DocumentVectors.fit(texts(), 3, 1, 1, passes::add);
    assertThat(passes).containsExactly(1, 2, 3);
  }
}
