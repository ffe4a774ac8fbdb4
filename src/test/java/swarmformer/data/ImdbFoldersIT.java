package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImdbFoldersIT {
  @TempDir private Path folder;

  @BeforeEach
  void writeFolders() {
    for (String split : List.of("train", "test")) {
      TestFiles.text(folder, split + "/pos/0_9.txt", "Good,\nin two lines.");
      TestFiles.text(folder, split + "/neg/0_2.txt", "Bad.");
      TestFiles.text(folder, split + "/unsup/0_0.txt", "Unknown.");
    }
    TestFiles.text(folder, "train/urls_pos.txt", "http://localhost");
    TestFiles.text(folder, "README", "Not a review.");
  }

  @Test
  void readsTheWholeDataSet() {
    assertThat(described(Source.of(folder)))
        .containsExactlyInAnyOrder(
            "train/pos/0 1 9 Good,\nin two lines.",
            "train/neg/0 0 2 Bad.",
            "test/pos/0 1 9 Good,\nin two lines.",
            "test/neg/0 0 2 Bad.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"imdb", "documents"})
  void leavesOutOnPurposeWhatIsOld(String format) throws IOException {
    Path old = TestFiles.text(folder, "test/pos/1_9.txt", "Old.");
    Path empty = TestFiles.text(folder, "test/pos/2_9.txt", "");
    for (Path file : List.of(old, empty)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2000-01-01T00:00:00Z")));
    }
    TestFiles.text(folder, "test/pos/3_9.txt", "");
    Source source =
        Source.of(folder.resolve("test"))
            .format(format)
            .option("modifiedAfter", "2001-01-01T00:00:00");
    assertThat(source.texts())
        .contains("Good,\nin two lines.", "Bad.", "")
        .doesNotContain("Old.")
        .hasSize(format.equals("imdb") ? 3 : 4);
  }

  @Test
  void readsOneSplit() {
    assertThat(described(Source.of(folder.resolve("test"))))
        .containsExactlyInAnyOrder("test/pos/0 1 9 Good,\nin two lines.", "test/neg/0 0 2 Bad.");
  }

  @Test
  void readsOneSplitBelowABasePath() {
    Path split = folder.resolve("test");
    assertThat(described(Source.of(split).option("basePath", split.toString())))
        .containsExactlyInAnyOrder("test/pos/0 1 9 Good,\nin two lines.", "test/neg/0 0 2 Bad.");
  }

  @Test
  void readsOneSentiment() {
    assertThat(described(Source.of(folder.resolve("test/neg")).format("imdb")))
        .containsExactly("test/neg/0 0 2 Bad.");
  }

  @Test
  void readsASplitWithPositiveReviewsOnly() {
    TestFiles.text(folder, "only/pos/7_10.txt", "Fine.");
    assertThat(described(Source.of(folder.resolve("only")))).containsExactly("pos/7 1 10 Fine.");
  }

  @Test
  void takesOnlyAWholeFolderNameForTheSplit() {
    TestFiles.text(folder, "retrain/pos/7_10.txt", "Fine.");
    assertThat(described(Source.of(folder.resolve("retrain")))).containsExactly("pos/7 1 10 Fine.");
  }

  @Test
  void leavesSplitsOfOtherFilesToTheirFormat() {
    for (String split : List.of("train", "test")) {
      TestFiles.text(folder, "splits/" + split + "/a.csv", "id,text,label,rating\n1,Fine.,1,9\n");
    }
    Source splits = Source.of(folder.resolve("splits"));
    assertThat(splits.refusal())
        .isEqualTo(
            "Cannot read %s: Spark passes over 2 of its 2 files, in directories below: test/a.csv, train/a.csv. Set --option recursiveFileLookup=true, or name the directories."
                .formatted(folder.resolve("splits")));
    assertThat(described(splits.option("recursiveFileLookup", "true")))
        .containsExactly("1 1 9 Fine.", "1 1 9 Fine.");
  }

  @Test
  void refusesAnotherLayout() {
    TestFiles.text(folder, "other/a.txt", "Fine.");
    Path other = folder.resolve("other");
    assertThat(Source.of(other).format("imdb").refusal())
        .isEqualTo(
            "Cannot read %s as imdb: it has no directories pos or neg, and no train or test with them. Set --input to the aclImdb directory."
                .formatted(other));
  }

  private static List<String> described(Source source) {
    return source.keep("rating").rows().stream().map(ImdbFoldersIT::describe).toList();
  }

  private static String describe(Row row) {
    return "%s %s %s %s"
        .formatted(
            row.getAs("id"), row.getAs("label"), row.getAs("rating"), row.getAs(Texts.CONTENT));
  }
}
