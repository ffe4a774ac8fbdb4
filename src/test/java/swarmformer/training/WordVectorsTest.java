package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WordVectorsTest {
  private static final int WIDTH = 6;
  private static final int VOCABULARY = 42;
  private static final int RARE = 40;
  private static final int ABSENT = 41;

  /** Texts of tokens from 0 to 19 or from 20 to 39; the rare one is in four of them. */
  private static List<int[]> texts() {
    Random random = new Random(3);
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int first = 20 * (i % 2);
      texts.add(random.ints(30, first, first + 20).toArray());
    }
    texts.subList(0, 4).forEach(text -> text[7] = RARE);
    return texts;
  }

  private static float[] fit(long seed) {
    float[] embedding = new float[VOCABULARY * WIDTH];
    Arrays.fill(embedding, 9);
    WordVectors.fit(texts(), embedding, WIDTH, 20, 0.2, seed);
    return embedding;
  }

  private static double cosine(float[] embedding, int one, int other) {
    double product = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < WIDTH; i++) {
      double x = embedding[one * WIDTH + i];
      double y = embedding[other * WIDTH + i];
      product += x * y;
      squares += x * x;
      others += y * y;
    }
    return product / Math.sqrt(squares * others);
  }

  @Test
  void tokensOfLikeCompanyAreAlike() {
    float[] embedding = fit(1);
    for (int token = 1; token < 20; token++) {
      assertThat(cosine(embedding, 0, token))
          .as("tokens 0 and %d", token)
          .isGreaterThan(0.5)
          .isGreaterThan(cosine(embedding, 0, 20 + token));
    }
  }

  @Test
  void hasTheDeviationAskedFor() {
    float[] known = Arrays.copyOf(fit(1), RARE * WIDTH);
    double squares = IntStream.range(0, known.length).mapToDouble(i -> known[i] * known[i]).sum();
    assertThat(Math.sqrt(squares / known.length)).isCloseTo(0.2, within(1e-6));
  }

  @Test
  void leavesRareTokensAsTheyWere() {
    float[] embedding = fit(1);
    assertThat(Arrays.copyOfRange(embedding, RARE * WIDTH, (ABSENT + 1) * WIDTH)).containsOnly(9);
  }

  @Test
  void leavesATokenAsItWasWhoseCompanyIsRare() {
    float[] embedding = new float[VOCABULARY * WIDTH];
    Arrays.fill(embedding, 9);
    WordVectors.fit(List.of(new int[] {7, 7, 7, 7, 7, 7, 1, 2, 3}), embedding, WIDTH, 2, 0.2, 1);
    assertThat(embedding).containsOnly(9);
  }

  @Test
  void theSeedDecides() {
    assertThat(fit(1)).isEqualTo(fit(1)).isNotEqualTo(fit(2));
  }
}
