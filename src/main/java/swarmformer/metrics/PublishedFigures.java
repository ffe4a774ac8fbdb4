package swarmformer.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the authors of SwarmFormer publish for their models on the 25,000 IMDb test reviews.
 *
 * @param model name on the Hugging Face hub
 * @param accuracy share of right predictions
 * @param precision of class 1
 * @param recall of class 1
 * @param f1 of class 1
 */
public record PublishedFigures(
    String model, double accuracy, double precision, double recall, double f1) {
  private static final long REVIEWS_OF_CLASS = 12_500;
  private static final Pattern TRAIN = Pattern.compile("(?<![A-Za-z])train(?![A-Za-z])");

  private static final Map<Long, PublishedFigures> BY_PARAMETERS =
      Map.of(
          4_302_850L,
          new PublishedFigures(
              "takara-ai/SwarmFormer-Sentiment-Small", 0.8620, 0.8346, 0.9031, 0.8675),
          6_749_186L,
          new PublishedFigures(
              "takara-ai/SwarmFormer-Sentiment-Base", 0.8903, 0.8722, 0.9146, 0.8929));

  /**
   * The figures of the published model with so many parameters, for rows that are as many and as
   * evenly labelled as the test reviews; none for other data, which they say nothing of. Those of
   * the train split are as many, and are told apart by the name of their file.
   *
   * @param command that scored the rows
   */
  public static Optional<PublishedFigures> of(
      long parameters, Confusion confusion, String command) {
    boolean testReviews =
        confusion.classes() == 2
            && !TRAIN.matcher(command).find()
            && confusion.labelled(0) == REVIEWS_OF_CLASS
            && confusion.labelled(1) == REVIEWS_OF_CLASS;
    return testReviews ? Optional.ofNullable(BY_PARAMETERS.get(parameters)) : Optional.empty();
  }
}
