package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PassageTest {
  private static Passage crop(int tokens) {
    int[] ids = IntStream.range(1_000, 1_000 + tokens).toArray();
    Example text = new Example(ids, 1, (passage, networks) -> new float[] {0, 1}, 1);
    return Passage.crop(text, 12, 20, new SplittableRandom(1));
  }

  @Test
  void aCropIsAPartOfALongerText() {
    Passage passage = crop(60);
    assertThat(passage.crop()).isTrue();
    assertThat(passage.ids()).hasSizeBetween(12, 20);
    assertThat(passage.part()).isBetween(10 / 58.0, 18 / 58.0);
  }

  @Test
  void allOfAShortTextIsNoCrop() {
    Passage passage = crop(8);
    assertThat(passage.crop()).isFalse();
    assertThat(passage.ids()).hasSize(8);
    assertThat(passage.part()).isOne();
  }
}
