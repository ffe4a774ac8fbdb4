package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedFilesIT {
  private static final String MANY_ROWS =
      "select id, sha2(cast(id as string), 512) as text from range(2000)";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void refusesColumnFilesThatAreCutShort(String format) {
    byte[] half = TestFiles.cut(TestFiles.written(folder, format, MANY_ROWS), 0.5);
    assertDamaged(TestFiles.bytes(folder, "half." + format, half));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void refusesColumnFilesOfNoise(String format) {
    assertDamaged(TestFiles.bytes(folder, "noise." + format, TestFiles.noise(5_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void refusesColumnFilesWithDamagedRows(String format) {
    byte[] damaged = TestFiles.cut(TestFiles.written(folder, format, MANY_ROWS), 1);
    Arrays.fill(damaged, 200, damaged.length / 2, (byte) 0xA5);
    assertDamaged(TestFiles.bytes(folder, "damaged." + format, damaged));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void refusesTextUnderAnotherName(String format) {
    assertDamaged(TestFiles.text(folder, "a." + format, "id,text\n1,Good.\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv.gz", "a.jsonl.gz", "a.txt.gz"})
  void refusesGzipOfNoise(String name) {
    assertDamaged(TestFiles.bytes(folder, name, TestFiles.noise(5_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv.gz", "a.jsonl.gz", "a.txt.gz"})
  void refusesGzipThatIsCutShort(String name) {
    byte[] whole = TestFiles.gzipped("id,text\n" + "1,Good and bad.\n".repeat(1_000));
    assertDamaged(TestFiles.bytes(folder, name, Arrays.copyOf(whole, whole.length - 20)));
  }

  @Test
  void refusesEmptyFiles() {
    assertThat(Source.of(TestFiles.text(folder, "a.csv", "")).refusal())
        .endsWith("a.csv: the file is empty, without even a header. Check the path.");
    assertThat(Source.of(TestFiles.text(folder, "a.json", "")).refusal())
        .endsWith(
            "a.json: no line is a JSON object. Check the file, or set --option multiLine=true if documents have several lines.");
    assertDamaged(TestFiles.text(folder, "a.parquet", ""));
  }

  @Test
  void readsAnEmptyTextFileAsNoRows() {
    assertThat(Source.of(TestFiles.text(folder, "a.txt", "")).read().counts().rows()).isZero();
  }

  @Test
  void refusesJsonWithoutObjects() {
    assertThat(Source.of(TestFiles.text(folder, "a.json", "no\njson\n")).refusal())
        .startsWith("Cannot read " + folder + "/a.json: no line is a JSON object.");
  }

  @Test
  void refusesFilesThatMayNotBeRead() {
    File file = TestFiles.text(folder, "a.csv", "text\nGood.\n").toFile();
    assumeFalse(!file.setReadable(false) || file.canRead(), "this user may read everything");
    assertThat(Source.of(file).refusal())
        .isEqualTo("Cannot read %s: permission denied. Check who may read it.".formatted(file));
  }

  private static void assertDamaged(Path file) {
    assertThat(Source.of(file).refusal())
        .startsWith("Cannot read " + file + ": a file is damaged or of another format (")
        .endsWith("). Check it, or set --format.");
  }
}
