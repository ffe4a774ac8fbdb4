package swarmformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SplitTest {
  private static List<Labelled> texts(int count) {
    List<Labelled> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(new Labelled("text " + i, i % 2, "film " + i / 7));
    }
    return texts;
  }

  private static Set<String> groups(List<Labelled> texts) {
    return texts.stream().map(Labelled::group).collect(Collectors.toSet());
  }

  @Test
  void putsAboutTheShareAsideInWholeGroups() {
    Split split = Split.by(texts(20_000), 0.1);
    assertThat(split.validation()).hasSizeBetween(1_700, 2_300);
    assertThat(split.training()).hasSize(20_000 - split.validation().size());
    Set<String> both = new HashSet<>(groups(split.training()));
    both.retainAll(groups(split.validation()));
    assertThat(both).isEmpty();
  }

  /** As the same review by two authors. */
  @Test
  void learnsFromNoCopyOfATextThatIsPutAside() {
    List<Labelled> texts =
        IntStream.range(0, 2_000)
            .mapToObj(i -> new Labelled("text " + i % 1_000, 1, "by " + i))
            .toList();
    Split split = Split.by(texts, 0.1);
    Set<String> both = new HashSet<>(split.training().stream().map(Labelled::text).toList());
    both.retainAll(split.validation().stream().map(Labelled::text).toList());
    assertThat(both).isEmpty();
    assertThat(split.validation()).hasSizeBetween(150, 250);
  }

  @Test
  void aGroupStaysOnItsSideWhateverElseThereIs() {
    Set<String> few = groups(Split.by(texts(1_000), 0.1).validation());
    Set<String> many = groups(Split.by(texts(20_000), 0.1).validation());
    assertThat(many).containsAll(few);
  }

  @Test
  void leavesOutTextsAndGroupsThatAreToValidateOn() {
    Split split =
        new Split(
            List.of(new Labelled("learned", 1, "film 1")),
            List.of(new Labelled("put aside", 0, "film 2")));
    Labelled other = new Labelled("other", -1, "film 1");
    assertThat(
            split.withoutValidation(
                List.of(
                    new Labelled("put aside", -1, "film 3"),
                    other,
                    new Labelled("of the same film", -1, "film 2"))))
        .containsExactly(other);
  }

  /** Which are often the same texts and more. */
  @Test
  void leavesOutTextsThatHaveALabelElsewhere() {
    Labelled learned = new Labelled("learned", 1, "film 1");
    Labelled putAside = new Labelled("put aside", 0, "film 2");
    Labelled other = new Labelled("other", -1, "film 1");
    Split split = new Split(List.of(learned), List.of(putAside));
    assertThat(
            split.withoutLabelled(
                List.of(
                    new Labelled("learned", -1, "film 3"),
                    new Labelled("put aside", -1, "film 3"),
                    other)))
        .containsExactly(other);
  }

  @Test
  void learnsFromNothingThatAFileValidatesOn() {
    List<Labelled> texts = texts(14);
    Split split = Split.of(texts, List.of(new Labelled("of the same film", 1, "film 1")));
    assertThat(split.training()).isEqualTo(texts.subList(0, 7));
    assertThat(split.validation()).hasSize(1);
  }

  @Test
  void withoutAShareThereIsNoValidation() {
    Split split = Split.by(texts(100), 0);
    assertThat(split.validation()).isEmpty();
    assertThat(split.training()).hasSize(100);
  }
}
