package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

/** Of more than 16 MB not all documents are looked at before they are read. */
class LargeJsonIT {
  private static final int ROWS = 20_000;
  private static final String FILLER = "very ".repeat(200);

  @TempDir private Path folder;

  @Test
  void losesNothingThatOnlyALaterDocumentHas() {
    Source source = ending("\"id\":1,\"votes\":2", "\"id\":1,\"votes\":\"many\",\"shop\":7");
    assertThat(source.read().counts().rows()).isEqualTo(ROWS + 1);
    assertThat(malformed(source)).isZero();
    assertThat(source.keep("shop").column("shop")).hasSize(ROWS + 1).last().isEqualTo(7L);
    assertThat(source.keep("votes").column("votes")).startsWith(2L).last().isNull();
    assertThat(malformed(source)).isEqualTo(1);
    assertThat(source.keep("all").column("votes")).startsWith("2").last().isEqualTo("many");
  }

  @Test
  void takesIdsThatAreNoNumbersLaterOn() {
    Source source = ending("\"id\":17", "\"id\":\"A17\"");
    assertThat(source.column("id")).startsWith("17").last().isEqualTo("A17");
    assertThat(malformed(source)).isZero();
  }

  @Test
  void takesNumberedIdsForTextWhateverTheSize() {
    Source small = Source.of(TestFiles.text(folder, "b.jsonl", "{\"id\":17,\"text\":\"a\"}"));
    assertThat(small.column("id")).containsExactly("17");
    Source large = ending("\"id\":1.5", "\"id\":2");
    assertThat(large.column("id")).startsWith("1.5").last().isEqualTo("2");
  }

  @Test
  void takesAnEmptyLabelBesideNumbersForNone() {
    Source source = ending("\"label\":1.0", "\"label\":\"\"").labelColumn("label");
    assertThat(source.column("label")).startsWith(1).last().isNull();
    assertThat(malformed(source)).isZero();
    assertThat(source.read().counts().unreadableLabels()).isZero();
  }

  @Test
  void refusesALabelThatOnlyALaterDocumentHas() {
    Source source = ending("\"id\":1", "\"id\":1,\"label\":1");
    assertThat(source.refusal())
        .endsWith(
            ": an object has 'label', and none of the first 1000 of each split of the input has. Set --label-col label: then all are inspected for columns.");
    assertThat(source.labelColumn("label").column("label"))
        .startsWith((Object) null)
        .last()
        .isEqualTo(1);
  }

  @Test
  void findsDatesThatAreWrittenInTwoWays() {
    Source source = ending("\"day\":20261101", "\"day\":\"2026-11-01\"");
    DateFilter filter = new DateFilter("day", ZoneId.of("UTC"), LocalDate.of(2026, 11, 1));
    Texts texts =
        Texts.read(
            LocalSpark.session(),
            source.source(),
            List.of("negative", "positive"),
            Optional.of(filter));
    assertThat(texts.rows().count()).isEqualTo(ROWS + 1);
    assertThat(filter.undated()).isZero();
  }

  @Test
  void looksAtTheFirstDocumentsOfEachPart() throws Exception {
    AtomicLong read = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            read.addAndGet(task.taskMetrics().inputMetrics().recordsRead());
          }
        };
    Source source = ending("\"id\":1", "\"id\":2");
    LocalSpark.session().sparkContext().addSparkListener(listener);
    source.read();
    LocalSpark.session().sparkContext().listenerBus().waitUntilEmpty();
    LocalSpark.session().sparkContext().removeSparkListener(listener);
    assertThat(read.get()).isBetween(1_000L, ROWS / 4L);
  }

  private static long malformed(Source source) {
    return source.column(Texts.MALFORMED).stream().filter(List.of(true)::contains).count();
  }

  /** Many documents with some fields, and one with others at the end of them. */
  private Source ending(String fields, String last) {
    String document = "{%s,\"text\":\"" + FILLER + "\"}\n";
    String content = document.formatted(fields).repeat(ROWS) + document.formatted(last);
    return Source.of(TestFiles.text(folder, "a.jsonl", content));
  }
}
