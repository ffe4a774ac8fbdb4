package swarmformer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedFiguresTest {
  private static final long SMALL = 4_302_850;
  private static final String TEST_SPLIT = "jobs/evaluate.sh --input data/aclImdb/test --output o";

  @Test
  void standBesideTheTestReviewsOnly() {
    assertThat(of(12_500, TEST_SPLIT)).map(PublishedFigures::accuracy).hasValue(0.862);
    assertThat(of(12_499, TEST_SPLIT)).isEmpty();
    assertThat(PublishedFigures.of(7, confusion(12_500), TEST_SPLIT)).isEmpty();
    assertThat(of(12_500, "jobs/evaluate.sh --input strained/constraints.csv --output o"))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobs/evaluate.sh --input data/aclImdb/train --output o",
        "jobs/evaluate.sh --input train.parquet --output o",
        "jobs/evaluate.sh --input s3a://bucket/imdb/train.csv --output o",
        "jobs/evaluate.sh --input train --output o",
        "jobs/evaluate.sh --input train-00000-of-00001.parquet --output o",
        "jobs/evaluate.sh --table imdb.train --output o",
      })
  void doNotStandBesideTheReviewsOfTraining(String command) {
    assertThat(of(12_500, command)).isEmpty();
  }

  private static Optional<PublishedFigures> of(long positives, String command) {
    return PublishedFigures.of(SMALL, confusion(positives), command);
  }

  private static Confusion confusion(long positives) {
    return new Confusion(new long[][] {{12_000, 500}, {positives - 11_000, 11_000}});
  }
}
