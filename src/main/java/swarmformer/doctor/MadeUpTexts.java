package swarmformer.doctor;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts of the length of reviews that say nothing. The same on every machine. */
final class MadeUpTexts {
  private static final List<String> WORDS =
      List.of(
          "the", "a", "it", "was", "not", "very", "and", "but", "with", "this", "film", "story",
          "acting", "music", "ending", "scene", "boring", "lovely", "slow", "moving", "again",
          "never", "would", "watch", "because", "somehow", "badly", "written", "well", "made");

  private static final int LEAST_WORDS = 20;
  private static final int MOST_WORDS = 300;

  private MadeUpTexts() {}

  static Stream<String> of(int texts) {
    Random random = new Random(texts);
    return Stream.generate(() -> text(random)).limit(texts);
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(LEAST_WORDS, MOST_WORDS), 0, WORDS.size())
        .mapToObj(WORDS::get)
        .collect(Collectors.joining(" "));
  }
}
