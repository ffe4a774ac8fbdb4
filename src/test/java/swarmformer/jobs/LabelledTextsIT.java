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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.data.Source;
import swarmformer.data.TextSource;
import swarmformer.errors.InputException;
import swarmformer.training.Labelled;
import swarmformer.training.Split;

final class LabelledTextsIT {
  private static final List<String> CLASSES = List.of("negative", "positive");

  @TempDir Path folder;

  private static LabelledTexts.Along along(Optional<String> group) {
    return new LabelledTexts.Along(group, Optional.empty());
  }

  private TextSource source(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return Source.of(file).source();
  }

  private LabelledTexts labelled(String content, Optional<String> group) throws IOException {
    return LabelledTexts.labelled(
        LocalSpark.session(), source("labelled.csv", content), along(group), CLASSES);
  }

  /** Rows of two files are often numbered from 0 in both. */
  @Test
  void textsOfOtherFilesMayHaveTheSameIds() throws IOException {
    List<Labelled> labelled =
        labelled("id,text,label\n0,good,positive\n1,bad,negative\n", Optional.empty()).texts();
    List<Labelled> others =
        LabelledTexts.unlabelled(
                LocalSpark.session(),
                source("others.csv", "id,text\n0,fair\n1,bad\n"),
                along(Optional.empty()),
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

  @ParameterizedTest
  @ValueSource(strings = {"12", "12.0", "\"12\"", "\"12.00\""})
  void groupsAreEqualHoweverTheirNumberIsWritten(String film) throws IOException {
    Optional<String> group = Optional.of("Film");
    String json = "{\"text\":\"good\",\"label\":1,\"film\":%s}".formatted(film);
    LabelledTexts read =
        LabelledTexts.labelled(LocalSpark.session(), source("a.json", json), along(group), CLASSES);
    assertThat(read.texts()).containsExactly(new Labelled("good", 1, "12"));
    assertThat(labelled("text,label,film\ngood,1," + film + "\n", group).texts())
        .containsExactly(new Labelled("good", 1, "12"));
  }

  @Test
  void readsGroupsBesideAKeyThatDiffersInCase() throws IOException {
    String json = "{\"text\":\"good\",\"label\":1,\"film\":\"a\",\"Film\":\"b\"}";
    LabelledTexts read =
        LabelledTexts.labelled(
            LocalSpark.session(), source("a.json", json), along(Optional.of("film")), CLASSES);
    assertThat(read.texts()).containsExactly(new Labelled("good", 1, "a"));
  }

  @Test
  void groupsAreEqualHoweverTheirNumberIsTyped() {
    Optional<String> group = Optional.of("film");
    for (String film : List.of("12L", "12.0d", "12.00", "12f")) {
      LocalSpark.session()
          .sql("select 'good' as text, 1 as label, %s as film".formatted(film))
          .createOrReplaceTempView("films");
      TextSource source = Source.table("films").source();
      assertThat(
              LabelledTexts.labelled(LocalSpark.session(), source, along(group), CLASSES).texts())
          .as(film)
          .containsExactly(new Labelled("good", 1, "12"));
    }
  }

  /** Not all documents of more than 16 MB are looked at before they are read. */
  @Test
  void findsGroupsThatOnlyALaterDocumentHas() throws IOException {
    Optional<String> group = Optional.of("film");
    String line = "{\"text\":\"" + "very ".repeat(200) + "\",\"label\":1}\n";
    String last = "{\"text\":\"good\",\"label\":1,\"film\":12.0}\n";
    LabelledTexts read =
        LabelledTexts.labelled(
            LocalSpark.session(),
            source("a.json", line.repeat(20_000) + last),
            along(group),
            CLASSES);
    assertThat(read.texts().stream().filter(text -> text.text().equals("good")))
        .containsExactly(new Labelled("good", 1, "12"));
  }

  @Test
  void refusesGroupsOfTwoTypesInParquet() {
    Optional<String> group = Optional.of("film");
    for (String film : List.of("12L", "'a'")) {
      LocalSpark.session()
          .sql("select 'good' as text, 1 as label, %s as film".formatted(film))
          .write()
          .parquet(folder.resolve("in/" + film.charAt(0)).toString());
    }
    TextSource source = Source.of(folder.resolve("in/*")).source();
    assertThatThrownBy(
            () -> LabelledTexts.labelled(LocalSpark.session(), source, along(group), CLASSES))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot read column 'film' of ");
  }

  private List<Labelled> softly(String rows) throws IOException {
    LabelledTexts.Along along = new LabelledTexts.Along(Optional.empty(), Optional.of("Soft"));
    return LabelledTexts.unlabelled(LocalSpark.session(), source("soft.json", rows), along, CLASSES)
        .texts();
  }

  @Test
  void readsSoftLabelsWhereThereAreSome() throws IOException {
    String rows =
        "{\"text\":\"a\",\"soft\":[0.25,0.75]}\n{\"text\":\"b\"}\n{\"text\":\"c\",\"soft\":[1,0]}\n";
    assertThat(softly(rows))
        .containsExactlyInAnyOrder(
            new Labelled("a", -1, "a", List.of(0.25, 0.75)),
            new Labelled("b", -1, "b"),
            new Labelled("c", -1, "c", List.of(1.0, 0.0)));
    assertThat(softly("{\"text\":\"a\",\"soft\":[0.332,0.663]}").get(0).softLabels())
        .as("rounded")
        .containsExactly(0.332 / (0.332 + 0.663), 0.663 / (0.332 + 0.663));
  }

  /** Of larger files only some rows are looked at for types. */
  @Test
  void readsSoftLabelsOfLargeFiles() throws IOException {
    String line = "{\"text\":\"" + "very ".repeat(200) + "\",\"soft\":[0,1]}\n";
    String last = "{\"text\":\"good\",\"soft\":[0.25,0.75]}\n";
    assertThat(softly(line.repeat(20_000) + last))
        .contains(new Labelled("good", -1, "good", List.of(0.25, 0.75)))
        .allMatch(text -> text.softLabels().size() == 2);
  }

  /** Of larger files only some rows are looked at for columns. */
  @Test
  void tellsOfIdsThatOnlyALaterDocumentHas() throws IOException {
    String line = "{\"text\":\"" + "very ".repeat(200) + "\",\"label\":1}\n";
    TextSource source =
        source("a.json", line.repeat(20_000) + "{\"text\":\"good\",\"label\":1,\"id\":7}\n");
    assertThatThrownBy(
            () ->
                LabelledTexts.labelled(
                    LocalSpark.session(), source, along(Optional.empty()), CLASSES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Set --id-col id: then all are inspected for columns.");
  }

  /** Their labels are not looked at, nor whether they could be any. */
  @Test
  void readsTextsWithoutLabelsWhateverIsCalledALabel() {
    LocalSpark.session()
        .sql("select 'good' as text, date'2026-11-01' as label")
        .write()
        .parquet(folder.resolve("in").toString());
    assertThat(
            LabelledTexts.unlabelled(
                    LocalSpark.session(),
                    Source.of(folder.resolve("in")).source(),
                    along(Optional.empty()),
                    CLASSES)
                .texts())
        .containsExactly(new Labelled("good", -1, "good"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "[0.5,0.25,0.25]", "[0.5,0.6]", "[-0.5,1.5]", "[1,null]", "[2,4]"})
  void refusesSoftLabelsThatAreNotProbabilities(String soft) {
    assertThatThrownBy(() -> softly("{\"id\":7,\"text\":\"a\",\"soft\":" + soft + "}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the soft labels of the row with id 7 are [")
        .hasMessageEndingWith(
            ", not a probability of each of negative, positive, which add up to 1. Fix them, or set another --soft-labels or --classes.");
  }

  @Test
  void refusesSoftLabelsThatAreNoNumbers() {
    assertThatThrownBy(() -> softly("{\"text\":\"a\",\"soft\":\"0.5 0.5\"}"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot learn from the column 'soft' of ")
        .hasMessageEndingWith(
            ": it is of type STRING, not an array of numbers. Set another --soft-labels.");
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
