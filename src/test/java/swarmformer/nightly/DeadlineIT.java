package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.Source;
import swarmformer.errors.OutputException;

@Tag("long")
class DeadlineIT {
  private static final LocalDate NIGHT = LocalDate.of(2026, 11, 1);

  @TempDir private Path folder;

  @Test
  void plansNothingAfterIt() throws IOException {
    NightAction.Result stopped =
        score(Source.of(input()), Optional.of(Instant.now().minusSeconds(1)));
    assertThat(stopped.outcome()).isEqualTo(NightAction.Outcome.STOPPED);
    assertThat(stopped.manifest()).isEmpty();
    assertThat(stopped.rows()).isZero();
    assertThat(folder.resolve("store")).isEmptyDirectory();
  }

  @Test
  void keepsWhatIsDoneAndGoesOn() throws IOException {
    Path input = input();
    // Scores, and cannot publish.
    Path predictions =
        Files.createFile(Files.createDirectory(folder.resolve("store")).resolve("predictions"));
    assertThatThrownBy(() -> score(Source.of(input), Optional.empty()))
        .isInstanceOf(OutputException.class);
    Files.delete(predictions);
    NightAction.Result stopped =
        score(Source.of(input), Optional.of(Instant.now().minusSeconds(1)));
    assertThat(stopped.outcome()).isEqualTo(NightAction.Outcome.STOPPED);
    assertThat(stopped.rowsDone()).isEqualTo(2);
    assertThat(stopped.rows()).isEqualTo(2);
    assertThat(folder.resolve("store/_work/date=2026-11-01/plan.json")).exists();
    assertThat(predictions).doesNotExist();
    assertThat(folder.resolve("store/_staging")).doesNotExist();

    NightAction.Result done =
        score(Source.of(input), Optional.of(Instant.now().plusSeconds(3_600)));
    assertThat(done.outcome()).isEqualTo(NightAction.Outcome.PUBLISHED);
    assertThat(done.manifest().orElseThrow().counts().scored()).isEqualTo(2);
    assertThat(folder.resolve("store/_work")).doesNotExist();
  }

  /** Each text takes a tenth of a second to read; the deadline comes long before the last. */
  @Test
  void stopsWhileAJobRuns() {
    slowTexts(1_000);
    Instant start = Instant.now();
    NightAction.Result stopped = score(Source.table("slow"), Optional.of(start.plusSeconds(3)));
    assertThat(stopped.outcome()).isEqualTo(NightAction.Outcome.STOPPED);
    assertThat(folder.resolve("store/predictions")).doesNotExist();
  }

  /** Nor tells it of an option that would be wrong. */
  @Test
  void leavesOpenWhetherTheInputHasChanged() {
    slowTexts(1);
    Source source = Source.table("slow").option("mode", "PERMISSIVE");
    score(source, Optional.empty());
    slowTexts(1_000);
    NightAction.Result again = score(source, Optional.of(Instant.now().plusSeconds(3)));
    assertThat(again.outcome()).isEqualTo(NightAction.Outcome.ALREADY_THERE);
    assertThat(again.late()).isEmpty();
  }

  private static void slowTexts(int number) {
    SparkSession spark = LocalSpark.session();
    UDF1<Long, String> slowly =
        id -> {
          Thread.sleep(100);
          return "Good " + id;
        };
    spark.udf().register("slowly", slowly, DataTypes.StringType);
    spark
        .range(number)
        .selectExpr("cast(id AS STRING) AS id", "slowly(id) AS text")
        .createOrReplaceTempView("slow");
  }

  @Test
  void isNoExcuseForAnotherFailure() {
    Optional<Instant> passed = Optional.of(Instant.now().minusSeconds(1));
    try (Deadline deadline = Deadline.watch(LocalSpark.session().sparkContext(), passed)) {
      assertThat(deadline.hasPassed()).isTrue();
      assertThat(deadline.hasEnded(new OutputException("The disk is full."))).isFalse();
    }
  }

  private Path input() throws IOException {
    return Files.writeString(folder.resolve("in.csv"), "id,text\na,Good.\nb,Bad.\n");
  }

  private NightAction.Result score(Source source, Optional<Instant> deadline) {
    return TestNight.score(folder.resolve("store"), source, NIGHT, deadline, false);
  }
}
