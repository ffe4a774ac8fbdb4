package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;

/** What is named is read whole, or refused. */
class WholeInputIT {
  private static final String GOOD = "{\"id\":1,\"text\":\"Good.\"}";
  private static final String BAD = "{\"id\":2,\"text\":\"Bad.\"}";
  private static final String CSV = "id,text\n1,Good.\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void readsAllDocumentsOfALine(String between) {
    Path file = TestFiles.text(folder, "a.jsonl", GOOD + between + BAD + "\n" + GOOD + "\n");
    assertThat(Source.of(file).texts()).containsExactly("Good.", "Bad.", "Good.");
    assertThat(Source.of(file).read().counts().rows()).isEqualTo(3);
  }

  /** Spark takes an empty text beside numbers for null, and then refuses the whole object. */
  @ParameterizedTest
  @ValueSource(strings = {"5", "4.5", "true", "[1]", "[4.5]", "{\"a\":1}", "{\"a\":4.5}", "NaN"})
  void readsAnObjectWithAnEmptyTextBesideOtherTypes(String value) {
    String lines =
        "{\"text\":\"Good.\",\"stars\":%s}\n{\"text\":\"Bad.\",\"stars\":\"\"}\n".formatted(value);
    Source source = Source.of(TestFiles.text(folder, "a.jsonl", lines));
    assertThat(source.texts()).containsExactly("Good.", "Bad.");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, false);
  }

  @Test
  void readsFractionsInsideObjectsBesideEmptyTexts() {
    String lines =
        "{\"text\":\"Good.\",\"meta\":{\"a\":4.5}}\n{\"text\":\"Bad.\",\"meta\":{\"a\":\"\"}}\n";
    Source source = Source.of(TestFiles.text(folder, "a.jsonl", lines));
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, false);
  }

  @Test
  void keepsFractionsBesideEmptyTexts() {
    String line = "{\"text\":\"Good.\",\"stars\":%s}\n";
    String lines =
        Stream.of("4.5", "\"\"", "NaN", "-Infinity", "1e3", "null", "2")
            .map(line::formatted)
            .collect(Collectors.joining());
    Source source = Source.of(TestFiles.text(folder, "a.jsonl", lines)).keep("stars");
    assertThat(source.column("stars"))
        .containsExactly(4.5, null, Double.NaN, Double.NEGATIVE_INFINITY, 1000.0, null, 2.0);
    assertThat(source.column(Texts.MALFORMED)).containsOnly(false);
  }

  @Test
  void refusesFractionsAsTexts() {
    Source source =
        Source.of(TestFiles.text(folder, "a.jsonl", "{\"stars\":4.5}")).textColumn("stars");
    assertThat(source.refusal()).endsWith("column 'stars' is DOUBLE, not STRING. Set --text-col.");
  }

  @Test
  void readsObjectsWithKeysThatNobodyCanTellApart() {
    String lines = "{\"text\":\"Good.\",\"tag\":1,\"tag\":2}\n{\"text\":\"Bad.\",\"Tag\":1}\n";
    assertThat(Source.of(TestFiles.text(folder, "a.jsonl", lines)).texts())
        .containsExactly("Good.", "Bad.");
  }

  @Test
  void leavesOutOnPurposeWhatCouldNotBeRead() throws IOException {
    TestFiles.text(folder, "in/part-1.csv", CSV);
    TestFiles.text(folder, "in/_old.csv", CSV);
    Files.createSymbolicLink(folder.resolve("in/old.csv"), folder.resolve("nowhere.csv"));
    for (String path : List.of("in", "in/*.csv")) {
      Source source = Source.of(folder.resolve(path)).option("pathGlobFilter", "part-*.csv");
      assertThat(source.texts()).as(path).containsExactly("Good.");
    }
  }

  @Test
  void refusesAGlobThatPassesOverData() {
    TestFiles.text(folder, "a.csv", CSV);
    TestFiles.text(folder, "_b.csv", CSV);
    TestFiles.text(folder, "._a.csv", "of macOS");
    String glob = folder + "/*.csv";
    assertThat(Source.of(glob).refusal())
        .isEqualTo(
            "Cannot read '%s': Spark passes over names that begin with '_' or '.', here _b.csv. Rename them."
                .formatted(glob));
  }

  @Test
  void refusesFilesBelowOfAFormatThatIsNotOurs() {
    Path file = TestFiles.text(folder, "in/a.bin", "a");
    TestFiles.text(folder, "in/below/b.bin", "b");
    assertThat(Source.of(file.getParent()).format("binaryFile").textColumn("path").refusal())
        .contains("Spark passes over 1 of its 2 files");
  }

  @Test
  void leavesFilesAloneThatAFilterLeavesOut() {
    Path file = TestFiles.text(folder, "in/part-1.csv", CSV);
    TestFiles.text(folder, "in/summary.csv", "total\n\"1");
    TestFiles.text(folder, "in/readme.md", "none");
    assertThat(Source.of(file.getParent()).option("pathGlobFilter", "part-*.csv").texts())
        .containsExactly("Good.");
  }

  @Test
  void takesOtherNamesOfOptions() {
    Path file = TestFiles.text(folder, "a.csv", "id;text\n1;Good.\n");
    assertThat(Source.of(file).option("Delimiter", ";").texts()).containsExactly("Good.");
  }

  @Test
  void readsAllDocumentsOfArraysOnALine() {
    Path file = TestFiles.text(folder, "a.jsonl", "[%s,%s] [%s]\n[]\n".formatted(GOOD, BAD, BAD));
    assertThat(Source.of(file).texts()).containsExactly("Good.", "Bad.", "Bad.");
  }

  @ParameterizedTest
  @ValueSource(strings = {" and more", "]", ",5", " null", "}", " {\"id\":", "\u0001"})
  void marksALineWithSomethingBehindItsDocument(String behind) {
    Path file = TestFiles.text(folder, "a.jsonl", GOOD + behind + "\n" + BAD + "\n");
    Source source = Source.of(file);
    assertThat(source.column("id")).containsExactly("1", "2");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(true, false);
  }

  @Test
  void readsAllDocumentsOfAFile() {
    String pretty = GOOD.replace(",", ",\n ") + "\n" + BAD.replace(",", ",\n ") + "\n";
    Path file = TestFiles.text(folder, "a.json", "\uFEFF" + pretty + "[" + GOOD + "]");
    Source source = Source.of(file).option("multiLine", "true");
    assertThat(source.texts()).containsExactly("Good.", "Bad.", "Good.");
  }

  @Test
  void marksWhatFollowsTheLastDocumentOfAFile() {
    Path file = TestFiles.text(folder, "a.json", GOOD + "\n" + BAD + "\n{\"id\":3,\n");
    Source source = Source.of(file).option("MULTILINE", "true");
    assertThat(source.column(Texts.MALFORMED)).containsExactly(false, false, true);
  }

  @Test
  void readsLinesOfAnArrayAsDocuments() {
    Path file = TestFiles.text(folder, "a.json", "[\n" + GOOD + ",\n" + BAD + "\n]\n");
    assertThat(Source.of(file).column(Texts.MALFORMED)).containsExactly(true, false, false, true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cut \\ud83d here|cut \uFFFD here",
        "cut \\uDE00|cut \uFFFD",
        "\\uD83D\\ud83d\\ude00|\uFFFD\uD83D\uDE00",
        "\\\\ud83d|\\ud83d",
        "\\ud83d\\ude00 \\u00e4|\uD83D\uDE00 \u00e4"
      })
  void readsHalfACharacterAsAReplacement(String written, String read) {
    Path file = TestFiles.text(folder, "a.jsonl", "{\"text\":\"%s\"}\n".formatted(written));
    assertThat(Source.of(file).texts()).containsExactly(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026/11/b.csv", "b/c.csv", "d/e/f/g.csv"})
  void refusesFilesInDirectoriesBelow(String below) {
    TestFiles.text(folder, "in/a.csv", CSV);
    TestFiles.text(folder, "in/" + below, CSV);
    Source source = Source.of(folder.resolve("in"));
    assertThat(source.refusal())
        .isEqualTo(
            "Cannot read %s: Spark passes over 1 of its 2 files, in directories below: %s. Set --option recursiveFileLookup=true, or name the directories."
                .formatted(folder.resolve("in"), below));
    assertThat(source.option("recursiveFileLookup", "true").texts()).hasSize(2);
  }

  @Test
  void refusesFilesBesidePartitions() {
    TestFiles.text(folder, "in/a.csv", CSV);
    TestFiles.text(folder, "in/day=1/b.csv", CSV);
    assertThat(Source.of(folder.resolve("in")).keep("day").refusal())
        .contains("are in directories of different partitions (a.csv, and day=1/b.csv)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "in/a.csv in/a.csv|none",
        "in/*.csv in/../in/a.csv|none",
        "in in/a.csv|none",
        "in/a.csv in/|none",
        "in/a.csv in|recursiveFileLookup",
        "in in/sub|recursiveFileLookup",
        "in in/sub/c.csv|recursiveFileLookup",
      })
  void readsOnceWhatIsNamedTwice(String paths, String option) {
    TestFiles.text(folder, "in/a.csv", CSV);
    if (!option.equals("none")) {
      TestFiles.text(folder, "in/sub/c.csv", CSV);
    }
    Source source = Source.of(below(paths)).option(option, "true");
    assertThat(source.texts()).hasSize(option.equals("none") ? 1 : 2);
  }

  @Test
  void readsPartitionsOnceAndDirectoriesThatAreNoPartitions() {
    TestFiles.text(folder, "in/day=1/a.csv", CSV);
    TestFiles.text(folder, "in/day=2/hour=3/a.csv", CSV);
    TestFiles.text(folder, "in/day=2/hour=4/a.csv", CSV);
    TestFiles.text(folder, "in/day=1/hour=2/a.csv", CSV);
    assertThat(Source.of(below("in/day=2 in/day=2/hour=3 in/day=2/hour=4/a.csv")).texts())
        .hasSize(2);
    TestFiles.text(folder, "flat/a.csv", CSV);
    TestFiles.text(folder, "flat/b/b.csv", CSV);
    assertThat(Source.of(below("flat flat/b")).texts()).hasSize(2);
    assertThat(Source.of(below("flat flat/b/b.csv")).texts()).hasSize(2);
  }

  @Test
  void readsDocumentsOnceThatAreNamedTwice() {
    TestFiles.text(folder, "in/b/a.txt", "Good.");
    TestFiles.text(folder, "in/b/empty.txt", "");
    Source source = Source.of(below("in/b/a.txt in in/b")).format("documents");
    assertThat(source.column("id")).containsExactlyInAnyOrder("b/a.txt", "b/empty.txt");
  }

  private Object[] below(String paths) {
    return Stream.of(paths.split(" ")).map(path -> folder + "/" + path).toArray();
  }

  @Test
  void leavesOutWhatAnOptionSays() {
    TestFiles.text(folder, "in/a.csv", CSV);
    TestFiles.text(folder, "in/b.csv", CSV);
    Source source = Source.of(folder.resolve("in")).option("pathGlobFilter", "a*");
    assertThat(source.texts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_b.csv", ".b.csv", "_b.tsv"})
  void refusesDataThatSparkPassesOver(String name) {
    TestFiles.text(folder, "in/a.csv", CSV);
    TestFiles.text(folder, "in/" + name, CSV);
    Path in = folder.resolve("in");
    assertThat(Source.of(in).refusal())
        .isEqualTo(
            "Cannot read file:%s: Spark passes over names that begin with '_' or '.', here 1 of 2 files: %s. Rename or move them."
                .formatted(in, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"in", "in/*"})
  void refusesAFileThatIsStillBeingCopied(String path) {
    TestFiles.text(folder, "in/a.csv", CSV);
    Path copied = TestFiles.text(folder, "in/b.csv._COPYING_", CSV);
    assertThat(Source.of(folder + "/" + path).refusal())
        .isEqualTo(
            "Cannot read file:%s: it is still being copied, or its copy was killed. Wait for it, or remove the file."
                .formatted(copied));
    assertThat(Source.of(folder + "/in").option("pathGlobFilter", "*.csv").texts()).hasSize(1);
    Source before = Source.of(folder + "/" + path).option("modifiedBefore", "2999-01-01T00:00:00");
    assertThat(before.texts()).hasSize(1);
    Source copiedAlone = Source.of(copied).option("modifiedAfter", "2000-01-01T00:00:00");
    assertThat(copiedAlone.refusal()).contains("it is still being copied");
  }

  @Test
  void readsBesideWhatProgramsLeaveBehind() {
    TestFiles.text(folder, "in/a.csv", CSV);
    for (String name : List.of("_SUCCESS", ".a.csv.crc", "._a.csv", "_temporary/0/b.csv")) {
      TestFiles.text(folder, "in/" + name, "");
    }
    assertThat(Source.of(folder.resolve("in")).texts()).hasSize(1);
  }

  @Test
  void refusesLinksThatLeadNowhereOrInACircle() throws IOException {
    TestFiles.text(folder, "in/a.csv", CSV);
    Path link = Files.createSymbolicLink(folder.resolve("in/b.csv"), Path.of("/nowhere"));
    assertThat(Source.of(folder.resolve("in")).refusal())
        .isEqualTo(
            "Cannot read '%s': it is a link to a file that does not exist. Remove it."
                .formatted(link));
    Files.delete(link);
    Path circle = Files.createSymbolicLink(folder.resolve("in/c"), folder.resolve("in"));
    assertThat(Source.of(folder.resolve("in")).refusal())
        .isEqualTo(
            "Cannot read %s: it is a link to a directory that holds it. Remove it."
                .formatted(circle));
  }

  @Test
  void refusesWhatIsNotAFile() throws Exception {
    Path pipe = folder.resolve("a.csv");
    assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    String refusal =
        "Cannot read %s: it is a pipe, socket or device, not a file. Write what it gives to a file first.";
    assertThat(Source.of(pipe).refusal()).isEqualTo(refusal.formatted(pipe));
    assertThat(Source.of("/dev/null").format("csv").refusal())
        .isEqualTo(refusal.formatted("/dev/null"));
  }

  @Test
  void refusesNamesWithAColonAndReadsBesideThem() {
    TestFiles.text(folder, "in/a.csv", CSV);
    Path colon = TestFiles.text(folder, "in/10:30.csv", CSV);
    assertThat(Source.of(folder.resolve("in")).refusal())
        .isEqualTo(
            "Cannot read %s: Hadoop reads no names with a colon. Rename it.".formatted(colon));
    assertThat(Source.of(folder + "/in/*.csv").refusal()).contains("rename files with a colon");
    assertThat(Source.of(folder + "/in/a.csv").texts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a[1].csv",
        "{a,b}.csv",
        "a?.csv",
        "a*.csv",
        "a b#c%20d.csv",
        "a+b&c=d.csv",
        "für.csv"
      })
  void readsNamesAsTheyAre(String name) {
    TestFiles.text(folder, "in/" + name, CSV);
    TestFiles.text(folder, "in/a1.csv", "id,text\n2,Bad.\n");
    assertThat(Source.of(folder.resolve("in").resolve(name)).texts()).containsExactly("Good.");
    assertThat(Source.of(folder.resolve("in")).texts()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"a.jsonl,multiLine", "a.jsonl,none", "a.txt,none"})
  void readsDirectoriesAsTheyAreNamed(String name, String option) {
    TestFiles.text(folder, "[in] {1,2}/" + name, GOOD + "\n" + BAD + "\n");
    Source source = Source.of(folder.resolve("[in] {1,2}")).option(option, "true");
    assertThat(source.texts()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "_delta_log/00000000000000000000.json,Delta,delta",
    ".hoodie/hoodie.properties,Hudi,hudi",
    "metadata/v1.metadata.json,Iceberg,iceberg"
  })
  void refusesTheFilesOfATable(String log, String title, String format) {
    TestFiles.text(folder, "table/" + log, "{}");
    TestFiles.text(folder, "table/data/day=1/a.csv", CSV);
    String refusal =
        "Cannot read files of file:%s: it is a table of %s, whose log says which of them count. Read the table with --table, or with --format %s and its jar."
            .formatted(folder.resolve("table"), title, format);
    for (String path : List.of("table", "table/data", "table/data/day=1/*.csv")) {
      assertThat(Source.of(folder + "/" + path).refusal()).isEqualTo(refusal);
      assertThat(Source.of(folder + "/" + path).format("csv").refusal()).isEqualTo(refusal);
    }
    TestFiles.text(folder, "a.csv", CSV);
    Source above = Source.of(folder).format("csv").option("recursiveFileLookup", "true");
    assertThat(above.refusal()).isEqualTo(refusal);
  }

  @Test
  void readsWhatAStreamHasCommitted() {
    assertThat(Source.of(streamed("a")).texts()).containsExactly("Good.");
    assertThat(Source.of(streamed("b")).option("recursiveFileLookup", "true").texts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/* b/*", "a/*/*.parquet", "a/*/part-*", "a"})
  void refusesFilesOfAStreamThatSparkWouldNotTellApart(String paths) {
    Path stream = streamed("a");
    streamed("b");
    Source source = Source.of(below(paths)).option("recursiveFileLookup", "true");
    assertThat(source.refusal())
        .isEqualTo(
            "Cannot read files of file:%s: a stream of Spark wrote it, and its _spark_metadata says which of them count, if it is the only input. Run once for each such directory."
                .formatted(stream));
  }

  /**
   * As a stream of Spark writes it, with one file of a batch and one of an executor's that died.
   */
  private Path streamed(String name) {
    Path file =
        TestFiles.written(folder.resolve(name), "parquet", "select 1 as id, 'Good.' as text");
    TestFiles.bytes(file.getParent(), "killed.parquet", TestFiles.cut(file, 0.5));
    TestFiles.text(
        file.getParent(),
        "_spark_metadata/0",
        "v1\n{\"path\":\"%s\",\"size\":%d,\"isDir\":false,\"modificationTime\":1,\"blockReplication\":1,\"blockSize\":1,\"action\":\"add\"}"
            .formatted(file.toUri(), TestFiles.read(file).length));
    return file.getParent();
  }

  @Test
  void refusesCompressedContentUnderOtherNames() {
    Path hidden = TestFiles.bytes(folder, "a.csv", TestFiles.gzipped(CSV));
    assertThat(Source.of(hidden).refusal())
        .isEqualTo(
            "Cannot read file:%s as text: it is compressed with gzip. Rename it to .gz, or decompress it."
                .formatted(hidden));
    Path gzip = TestFiles.bytes(folder, "a.csv.gzip", TestFiles.gzipped(CSV));
    assertThat(Source.of(gzip).refusal())
        .isEqualTo(
            "Cannot read file:%s: Spark does not decompress .gzip. Rename it to .gz."
                .formatted(gzip));
  }

  /** Of which Hadoop would take some bytes for a length, and two gigabytes of memory. */
  @ParameterizedTest
  @ValueSource(strings = {"a.csv.snappy", "a.csv.lz4"})
  void refusesBlocksThatHadoopHasNotWritten(String name) {
    byte[] block = {0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f};
    Path file = TestFiles.bytes(folder, name, block);
    assertThat(Source.of(file).refusal())
        .isEqualTo(
            "Cannot read file:%s: it does not hold blocks as Hadoop writes them. Decompress it first, or compress it with gzip."
                .formatted(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv.xz|fd 37 7a 58 5a 00|Spark does not decompress .xz.",
        "a.csv.zip|50 4b 03 04|Spark does not decompress .zip.",
        "a.csv.lz4|04 22 4d 18 64 40|an LZ4 frame, which Hadoop cannot decompress.",
        "a.csv.snappy|ff 06 00 00 73 4e 61 50 70 59|a Snappy frame, which Hadoop cannot decompress.",
        "a.csv.zst|28 b5 2f fd 04 00|it cannot be decompressed",
        "a.csv|fd 37 7a 58 5a 00|it is compressed with xz.",
        "a.txt|50 4b 03 04|it is a zip archive.",
        "a.jsonl|25 50 44 46 2d 31|it is a PDF document.",
        "a.csv|50 41 52 31 15 04|it is a Parquet file.",
        "a.csv|ff fe 69 00|Set --option encoding=UTF-16LE.",
      })
  void refusesBytesThatAreNotText(String name, String bytes, String reason) {
    byte[] content = new byte[64];
    String[] hex = bytes.split(" ");
    for (int i = 0; i < hex.length; i++) {
      content[i] = (byte) Integer.parseInt(hex[i], 16);
    }
    assertThat(Source.of(TestFiles.bytes(folder, name, content)).refusal())
        .startsWith("Cannot read file:" + folder.resolve(name))
        .contains(reason);
  }

  @Test
  void looksAtTheBeginningOfEveryFile() {
    for (int i = 0; i < 40; i++) {
      TestFiles.text(folder, "in/%d.csv".formatted(i), CSV);
    }
    assertThat(Source.of(folder.resolve("in")).texts()).hasSize(40);
    Path last = TestFiles.bytes(folder, "in/last.csv", TestFiles.gzipped(CSV));
    assertThat(Source.of(folder.resolve("in")).refusal()).contains(last.toString());
  }

  @Test
  void sendsNoTextsToTheDriverThatLooksAtThem() throws Exception {
    for (int i = 0; i < 40; i++) {
      TestFiles.text(folder, "in/%d.txt".formatted(i), "very ".repeat(2_000));
    }
    AtomicLong sent = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            sent.addAndGet(task.taskMetrics().resultSize());
          }
        };
    SparkContext context = LocalSpark.session().sparkContext();
    context.addSparkListener(listener);
    Source.of(folder.resolve("in")).format("documents").read();
    context.listenerBus().waitUntilEmpty();
    context.removeSparkListener(listener);
    assertThat(sent.get()).isBetween(1L, 40 * 2_000L);
  }

  @Test
  void readsEmptyFilesAmongOthers() {
    TestFiles.text(folder, "in/a.csv", CSV);
    TestFiles.text(folder, "in/b.csv", "");
    TestFiles.bytes(folder, "in/c.csv.gz", TestFiles.gzipped(""));
    assertThat(Source.of(folder.resolve("in")).texts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ignoreCorruptFiles", "IGNOREMISSINGFILES"})
  void refusesOptionsThatPassOverFiles(String option) {
    Path file = TestFiles.bytes(folder, "a.csv", CSV.getBytes(StandardCharsets.UTF_8));
    assertThat(Source.of(file).option(option, "true").refusal())
        .matches(
            "Cannot read .*a.csv with ignore\\w+=true: rows would be lost. Leave the option out, and name the files that can be read.");
  }
}
