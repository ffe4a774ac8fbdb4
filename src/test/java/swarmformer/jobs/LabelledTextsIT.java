package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.Source;
import swarmformer.data.TextSource;
import swarmformer.errors.InputException;
import swarmformer.training.Labelled;
import swarmformer.training.Split;

final class LabelledTextsIT {
  private static final List<String> CLASSES = List.of("negative", "positive");

  @TempDir Path folder;

  private TextSource source(String name, String content, Optional<String> group)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return Source.of(file).keep(group.stream().toArray(String[]::new)).source();
  }

  private LabelledTexts labelled(String content, Optional<String> group) throws IOException {
    return LabelledTexts.labelled(
        LocalSpark.session(), source("labelled.csv", content, group), group, CLASSES);
  }

  /** Rows of two files are often numbered from 0 in both. */
  @Test
  void textsOfOtherFilesMayHaveTheSameIds() throws IOException {
    List<Labelled> labelled =
        labelled("id,text,label\n0,good,positive\n1,bad,negative\n", Optional.empty()).texts();
    List<Labelled> others =
        LabelledTexts.unlabelled(
                LocalSpark.session(),
                source("others.csv", "id,text\n0,fair\n1,bad\n", Optional.empty()),
                Optional.empty(),
                CLASSES)
            .texts();
    assertThat(new Split(List.of(), labelled).withoutValidation(others))
        .extracting(Labelled::text)
        .containsExactly("fair");
  }

  @Test
  void aTextWithoutAGroupIsOneByItself() throws IOException {
    Optional<String> film = Optional.of("film");
    assertThat(labelled("id,text,label,film\n0,good,1,a\n1,bad,0,\n", film).texts())
        .containsExactly(new Labelled("good", 1, "a"), new Labelled("bad", 0, "bad"));
    assertThat(labelled("id,text,label\n0,good,1\n", film).texts())
        .containsExactly(new Labelled("good", 1, "good"));
  }

  @Test
  void refusesLabelsWithoutTexts() {
    assertThatThrownBy(() -> labelled("id,text,label\n0,,1\n", Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("no row with a label has a text. Set --text-col.");
  }

  @Test
  void leavesOutBrokenRecordsAndCountsThem() throws IOException {
    LabelledTexts read =
        labelled("id,text,label\n0,good,1\n1,bad, really,0\n2,so,0,so\n", Optional.empty());
    assertThat(read.texts()).extracting(Labelled::text).containsExactly("good");
    assertThat(read.rows()).isEqualTo(3);
  }
}
