package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputRefusalsIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"absent.csv", "absent/", "*.csv", "absent/*/a.csv"})
  void refusesWhatIsNotThere(String name) {
    assertThat(Source.of(folder + "/" + name).refusal())
        .isEqualTo(
            "Cannot read '%s/%s': there is no such file or directory. Check the path."
                .formatted(folder, name));
  }

  @Test
  void refusesOneOfSeveralThatIsNotThere() {
    Path there = TestFiles.text(folder, "a.csv", "text\nGood.\n");
    assertThat(Source.of(there, folder + "/b.csv").refusal())
        .startsWith("Cannot read '" + folder + "/b.csv': there is no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|it is not a path (Can not create a Path from an empty string). Check the path.",
        "a:b.csv|it is not a path (java.net.URISyntaxException: Relative path in absolute URI: a:b.csv). Check the path, and rename files with a colon: Hadoop does not read them.",
      })
  void refusesWhatIsNoPath(String path, String why) {
    assertThat(Source.of(path).refusal()).isEqualTo("Cannot read '" + path + "': " + why);
  }

  @Test
  void refusesAGlobThatIsBroken() {
    assertThat(Source.of("in/{a").refusal())
        .startsWith("Cannot read in/{a: IOException (Illegal file pattern:")
        .endsWith("). Check the path.");
  }

  @Test
  void refusesAFileSystemThatIsNotThere() {
    assertThat(Source.of("nowhere://host/a.csv").refusal())
        .isEqualTo(
            "Cannot read nowhere://host/a.csv: No FileSystem for scheme \"nowhere\". Check the path, or add the jar of that file system.");
  }

  @Test
  void refusesAFileSystemWhoseJarIsNotThere() {
    assertThat(Source.of("s3a://bucket/a.csv").refusal())
        .isEqualTo(
            "Cannot read s3a://bucket/a.csv: a class is missing (Class org.apache.hadoop.fs.s3a.S3AFileSystem not found). Add its jar.");
  }

  @Test
  void refusesWebPages() {
    assertThat(Source.of("https://localhost/a.csv").refusal())
        .isEqualTo(
            "Cannot read https://localhost/a.csv: Spark reads no web pages. Download the file first, as with curl -O.");
  }

  @Test
  void refusesSourcesThatLackAnOption() {
    assertThat(Source.of().format("jdbc").refusal())
        .startsWith("Cannot read jdbc: ")
        .endsWith(". Check --option.");
    Source lost = Source.of().format("jdbc").option("url", "jdbc:none://x").option("dbtable", "t");
    assertThat(lost.refusal()).startsWith("Cannot read jdbc: ").contains("driver");
  }

  @Test
  void refusesAFileThatSparkWouldPassOver() {
    Path file = TestFiles.text(folder, "_a.csv", "text\nGood.\n");
    assertThat(Source.of(file).refusal())
        .isEqualTo(
            "Cannot read '%s': Spark passes over names that begin with '_' or '.', here _a.csv. Rename them."
                .formatted(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.", "a.dat", "a.csv.old"})
  void refusesANameThatTellsNoFormat(String name) {
    Path file = TestFiles.text(folder, name, "text\nGood.\n");
    assertThat(Source.of(file).refusal())
        .isEqualTo(
            "Cannot tell the format of file:%s from its name. Set --format, as in csv."
                .formatted(file));
  }

  @Test
  void refusesFilesOfDifferentFormats() {
    Path csv = TestFiles.text(folder, "a.csv", "text\nGood.\n");
    Path json = TestFiles.text(folder, "b.json", "{\"text\":\"Good.\"}\n");
    assertThat(Source.of(csv, json).refusal())
        .isEqualTo(
            "Cannot read files of different formats in one run: csv, json. Run once for each.");
  }

  @Test
  void refusesAFormatThatSparkDoesNotHave() {
    Path file = TestFiles.text(folder, "a.csv", "text\nGood.\n");
    assertThat(Source.of(file).format("excel").refusal())
        .startsWith("Cannot read " + file + ": [DATA_SOURCE_NOT_FOUND]")
        .contains("excel")
        .endsWith("Set --format to one that Spark has, and add its jar.");
  }

  @Test
  void refusesATableThatIsNotThere() {
    assertThat(Source.table("absent_table").refusal())
        .startsWith("Cannot read absent_table: [TABLE_OR_VIEW_NOT_FOUND]")
        .endsWith("Check the input, --format and --option.");
  }

  @Test
  void refusesCsvFilesWithDifferentHeaders() {
    Path first = TestFiles.text(folder, "1.csv", "id,text\n1,Good.\n");
    Path second = TestFiles.text(folder, "2.csv", "text,id\nBad.,2\n");
    assertThat(Source.of(first, second).refusal())
        .isEqualTo(
            "Cannot read file:%s and file:%s together: CSV files have different columns (id, text, and text, id). Run once for each kind."
                .formatted(first, second));
  }

  @Test
  void refusesOptionsThatDropRows() {
    Path file = TestFiles.text(folder, "a.csv", "text\nGood.\n");
    assertThat(Source.of(file).option("MODE", "dropMalformed").refusal())
        .isEqualTo(
            "Cannot read %s with mode=DROPMALFORMED: rows would be lost. Leave the option out: such rows get an error."
                .formatted(file));
  }

  @Test
  void explainsAStopAtTheFirstMalformedRecord() {
    Path file = TestFiles.text(folder, "a.csv", "id,text\n1,Good.\n2\n");
    assertThat(Source.of(file).option("mode", "FAILFAST").refusal())
        .isEqualTo(
            "Cannot read %s: a record is malformed, and mode=FAILFAST was set. Leave the option out: such rows get an error."
                .formatted(file));
  }

  @Test
  void refusesFoldersWithoutFiles() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    TestFiles.text(empty, "_SUCCESS", "");
    String refusal = "Cannot read %s: the directory holds no files. Check the path.";
    assertThat(Source.of(empty).refusal()).isEqualTo(refusal.formatted("file:" + empty));
    for (String format : new String[] {"parquet", "orc", "csv", "json", "text"}) {
      assertThat(Source.of(empty).format(format).refusal())
          .isEqualTo(refusal.formatted("file:" + empty));
    }
  }
}
