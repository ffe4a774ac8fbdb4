package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.errors.ErrorCode;
import swarmformer.jobs.Nights;
import swarmformer.jobs.Ran;
import swarmformer.jobs.Script;

/** Deletions of rows by id that die, each a little later than the one before, until one ends. */
@Tag("long")
class DeletionFaultsIT {
  private static final int KILLED = 137;
  private static final List<String> NIGHTS = List.of("2026-11-01", "2026-11-02");

  private static final Map<String, List<Fault>> FAULTS =
      Map.of(
          "parquet",
          List.of(
              Fault.FIRST_NIGHT_WRITTEN,
              Fault.SECOND_NIGHT_STAGED,
              Fault.SECOND_NIGHT_SET_ASIDE,
              Fault.SECOND_NIGHT_PUBLISHED),
          "delta",
          List.of(Fault.TABLE_FILE_WRITTEN),
          "iceberg",
          List.of(Fault.TABLE_FILE_WRITTEN));

  @TempDir private Path folder;

  @BeforeEach
  @AfterEach
  void stopTheSparkOfOtherTests() {
    LocalSpark.session().stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "delta", "iceberg"})
  void leaveEachNightAsItWasOrWithoutTheRows(String format) throws Exception {
    Files.createDirectory(folder.resolve("markers"));
    for (String night : NIGHTS) {
      Path input =
          Nights.input(
              folder, night + ".csv", "a,A wonderful film.", "b,Bad.", "b,Dull.", "c,Good.");
      assertThat(run(format, "--input", input, "--date", night).err()).isEmpty();
    }
    Path ids = Files.write(folder.resolve("ids.txt"), List.of("b"));
    Map<String, List<String>> before = rows(format);
    Map<String, List<String>> after = withoutRowsOf("b", before);
    for (Fault fault : FAULTS.get(format)) {
      dieBy(fault, format, ids);
      Map<String, List<String>> found = rows(format);
      boolean isMissing = fault == Fault.SECOND_NIGHT_SET_ASIDE;
      assertThat(found).as(fault.name()).hasSize(isMissing ? 1 : 2);
      found.forEach(
          (night, rows) ->
              assertThat(rows)
                  .as("%s of %s", fault, night)
                  .isIn(before.get(night), after.get(night)));
      assertVerified(run(format, "--verify"), isMissing);
    }
    Ran last = run(format, "--delete-ids", ids);
    assertThat(last.code()).as("%s", last.err()).isZero();
    assertThat(rows(format)).isEqualTo(after);
    assertVerified(run(format, "--verify"), false);
    assertThat(folder.resolve("store/_staging")).doesNotExist();
  }

  private static void assertVerified(Ran verified, boolean isMissing) {
    assertThat(verified.out()).contains("2026-11-01      as published");
    if (isMissing) {
      assertThat(verified.code()).isEqualTo(ErrorCode.OUTPUT.exitCode());
      assertThat(verified.out())
          .contains(
              "2026-11-02      set aside by a process that is replacing it, or was killed: then run its command again");
    } else {
      assertThat(verified.code()).as("%s", verified.err()).isZero();
      assertThat(verified.out()).contains("2026-11-02      as published");
    }
  }

  private void dieBy(Fault fault, String format, Path ids) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("--store=" + store(), "--store-format=" + format, "--delete-ids=" + ids, "--"));
    Map<String, String> settings = new Trial(folder).settings(Trial.ONE_PROCESS, fault);
    settings.put("spark.hadoop.fs.AbstractFileSystem.file.impl", FaultyContext.class.getName());
    settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    if (!format.equals("parquet")) {
      arguments.addAll(List.of("--jars", Nights.jars(format)));
    }
    Script.Ended ended = Script.in(folder).run("score-nightly", arguments.toArray(String[]::new));
    assertThat(ended.code()).as("%s: %s", fault, ended).isEqualTo(KILLED);
    assertThat(fault.marker(folder.resolve("markers"))).exists();
  }

  private Path store() {
    return folder.resolve("store");
  }

  private Ran run(String format, Object... arguments) {
    return Nights.run(format, store(), arguments);
  }

  /** The rows of each night in order, as a user of the format reads them. */
  private Map<String, List<String>> rows(String format) {
    SparkSession spark = Nights.session(format);
    return Nights.all(spark, format, store()).orderBy("id", "content_hash").collectAsList().stream()
        .collect(
            Collectors.groupingBy(
                row -> String.valueOf(row.<Object>getAs("date")),
                TreeMap::new,
                Collectors.mapping(
                    row ->
                        "%s %s %s %s"
                            .formatted(
                                row.getAs("id"),
                                row.getAs("content_hash"),
                                row.getAs("scored_at"),
                                row.getList(row.fieldIndex("logits"))),
                    Collectors.toList())));
  }

  private static Map<String, List<String>> withoutRowsOf(
      String id, Map<String, List<String>> nights) {
    Map<String, List<String>> left = new TreeMap<>();
    nights.forEach(
        (night, rows) ->
            left.put(night, rows.stream().filter(row -> !row.startsWith(id + " ")).toList()));
    return left;
  }
}
