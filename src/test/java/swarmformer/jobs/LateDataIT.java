package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights that are started again after something has happened to their input. */
class LateDataIT {
  private static final String FIRST = "2026-11-01";

  @TempDir private Path folder;

  @Test
  void saysThatRowsOfANightCameLateAndScoresThemWhenAsked() throws IOException {
    write("1.csv", "a,Good.," + FIRST, "b,Bad.," + FIRST);
    assertThat(night().code()).isZero();
    assertThat(night().out()).contains("is in the store already").doesNotContain("Warning");

    write("2.csv", "c,Fine.,2026-11-02");
    assertThat(night().out())
        .as("other files, but no other rows of this night")
        .doesNotContain("Warning");

    write("3.csv", "d,Late.," + FIRST);
    Ran late = night();
    assertThat(late.code()).isZero();
    assertThat(late.out())
        .contains(
            "Warning: the input has changed since: it has 3 rows of this night, the store 2. --overwrite scores the night again.");
    assertThat(night("--overwrite").out()).contains("Night 2026-11-01: 3 rows");
    assertThat(night().out()).doesNotContain("Warning");

    write("3.csv", "d,Another text.," + FIRST);
    assertThat(night().out())
        .contains("the input has changed since: of its 3 rows some are others than in the store.");
  }

  @Test
  void leavesANightAloneWhoseInputIsGone() throws IOException {
    Path file = write("1.csv", "a,Good.," + FIRST);
    assertThat(night().code()).isZero();
    Files.delete(file);
    Ran again = night();
    assertThat(again.code()).isZero();
    assertThat(again.out())
        .contains("Warning: whether the input has changed since is not known. Cannot read ");
  }

  @Test
  void leavesAlonePartitionsOfOtherDates() throws IOException {
    Path input = folder.resolve("input");
    Path tonight = Files.createDirectories(input.resolve("day=" + FIRST));
    Path next = Files.createDirectories(input.resolve("day=2026-11-02"));
    Files.writeString(tonight.resolve("a.csv"), "id,text\na,Good.\nb,Bad.\n");
    Files.writeString(next.resolve("a.csv"), "id,text\nc,\"Unfini");
    Ran first = night();
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("Night 2026-11-01: 2 rows");

    Files.writeString(next.resolve("b.csv"), "other,columns\n1,2\n");
    assertThat(night().out()).contains("is in the store already").doesNotContain("Warning");
    Files.writeString(tonight.resolve("b.csv"), "id,text\nd,Late.\n");
    assertThat(night().out()).contains("it has 3 rows of this night, the store 2.");
  }

  @Test
  void saysThatScoringAgainBringsDeletedRowsBack() throws IOException {
    write("1.csv", "a,Good.," + FIRST, "b,Bad.," + FIRST);
    assertThat(night().code()).isZero();
    Path ids = Files.writeString(folder.resolve("ids.txt"), "b\n");
    assertThat(
            Ran.locally(new ScoreNightly(), "--store", folder.resolve("store"), "--delete-ids", ids)
                .code())
        .isZero();
    write("2.csv", "c,Fine.,2026-11-02");
    assertThat(night().out())
        .contains(
            "it has 2 rows of this night, the store 1. 1 rows were deleted from the store (--delete-ids): --overwrite scores the night again, and brings back those that the input still holds.");
  }

  private Path write(String name, String... lines) throws IOException {
    Path input = Files.createDirectories(folder.resolve("input"));
    return Files.writeString(input.resolve(name), "id,text,day\n" + String.join("\n", lines));
  }

  private Ran night(String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("--input", folder.resolve("input"), "--format", "csv", "--date-col", "day"));
    arguments.addAll(List.of("--date", FIRST));
    arguments.addAll(List.of(more));
    return Nights.run(folder.resolve("store"), arguments.toArray());
  }
}
