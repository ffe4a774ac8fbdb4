package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;
import swarmformer.analysis.Mistake;
import swarmformer.metrics.RecordedRun;
import swarmformer.metrics.RunFacts;
import swarmformer.models.Checkpoints;

final class MistakeTextsIT {
  private static final String WONDERFUL = "A wonderful film, I loved it.";

  private static List<String> texts(String device, String... kept) {
    String sha256 = new Checkpoints(new Configuration(), Map.of()).read("small-imdb").sha256();
    RunFacts facts =
        new RunFacts("r", "small-imdb", sha256, 0, "{}", "float32", Instant.EPOCH, "score.sh");
    RecordedRun run = new RecordedRun(facts, 1, Map.of(), 0, 0, 0, 0, 0, 0, null, List.of(), null);
    List<Mistake> mistakes =
        List.of(kept).stream()
            .map(text -> new Mistake("1", 0, 1, 0.99, 0.01, 8, false, text, null))
            .toList();
    return new MistakeTexts(LocalSpark.session(), run, device)
        .explain(mistakes, Optional.empty(), true).stream().map(Mistake::text).toList();
  }

  @Test
  void showsNoTextThatTheModelJudgesOtherwise() {
    assertThat(texts("cpu", WONDERFUL, "A dull, boring, awful film."))
        .containsExactly(WONDERFUL, null);
  }

  /** As where PyTorch cannot be loaded: the figures of a run need none. */
  @Test
  void leavesTextsWholeWhereNoDeviceComputes() {
    assertThat(texts("cuda", WONDERFUL)).containsExactly(WONDERFUL);
  }
}
