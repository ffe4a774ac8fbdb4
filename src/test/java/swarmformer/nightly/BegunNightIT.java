package swarmformer.nightly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.data.Publication;
import swarmformer.data.Source;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;
import swarmformer.store.Manifest;

/** A night that was scored and could not be published. */
class BegunNightIT {
  private static final LocalDate NIGHT = LocalDate.of(2026, 11, 1);

  @TempDir private Path folder;
  private Path input;
  private Work.Plan plan;

  @BeforeEach
  void begin() throws IOException {
    input = Files.writeString(folder.resolve("in.csv"), "id,text\na,Good.\nb,Bad.\n");
    Path store = Files.createDirectory(folder.resolve("store"));
    Path predictions = Files.createFile(store.resolve("predictions")); // it is no directory
    assertThatThrownBy(() -> score("1")).isInstanceOf(OutputException.class);
    Files.delete(predictions);
    String json = Files.readString(store.resolve("_work/date=2026-11-01/plan.json"));
    plan = Manifest.read(json, Work.Plan.class);
  }

  @Test
  void isResumedByTheSameProgram() {
    Manifest done = score("1").manifest().orElseThrow();
    assertThat(done.transaction()).isEqualTo(plan.transaction());
    assertThat(done.speed().scoredHere()).isZero();
  }

  @Test
  void startsOverInAnotherVersionOfTheProgram() {
    Manifest done = score("2").manifest().orElseThrow();
    assertThat(done.transaction()).isNotEqualTo(plan.transaction());
    assertThat(done.speed().scoredHere()).isEqualTo(2);
    assertThat(done.versions()).containsEntry("swarmformer-spark", "2");
  }

  /** Cron's command has no {@code --overwrite}: it must not throw away what that has scored. */
  @Test
  void keepsWhatAnOverwriteHasScored() throws IOException {
    Path work = scoredWithWorkLeft("2");
    assertThat(score("1").outcome()).isEqualTo(NightAction.Outcome.ALREADY_THERE);
    assertThat(work).doesNotExist();
    FileUtils.copyDirectory(folder.resolve("begun").toFile(), work.toFile());
    makeAnOverwrite(work);
    assertThat(score("1").outcome()).isEqualTo(NightAction.Outcome.ALREADY_THERE);
    assertThat(work).exists();
    assertThat(overwrite().manifest().orElseThrow().speed().scoredHere()).isZero();
    assertThat(work).doesNotExist();
  }

  /** As of a start that was killed between the two. */
  @Test
  void removesTheWorkOfAnOverwriteThatWasPublished() throws IOException {
    Path work = scoredWithWorkLeft("1");
    makeAnOverwrite(work);
    assertThat(score("1").outcome()).isEqualTo(NightAction.Outcome.ALREADY_THERE);
    assertThat(work).doesNotExist();
  }

  /** The work of the night, which stands as before it was scored by a version of the program. */
  private Path scoredWithWorkLeft(String version) throws IOException {
    Path work = folder.resolve("store/_work/date=2026-11-01");
    File begun = folder.resolve("begun").toFile();
    FileUtils.copyDirectory(work.toFile(), begun);
    score(version);
    FileUtils.copyDirectory(begun, work.toFile());
    return work;
  }

  private static void makeAnOverwrite(Path work) throws IOException {
    Path plan = work.resolve("plan.json");
    Files.delete(work.resolve(".plan.json.crc"));
    Files.writeString(plan, Files.readString(plan).replace("false", "true"));
  }

  @Test
  void isLeftToTheProcessThatTookOver() throws IOException {
    Path staging = folder.resolve("store/_staging");
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(staging.getParent().toUri());
    Configuration hadoop = new Configuration();
    String name = NIGHT.toString();
    Path begun = folder.resolve("store/_work/date=2026-11-01/chunk=9.json");
    Files.writeString(begun, "{\"directory\":"); // the other process writes it
    try (Publication lost = Publication.begin(hadoop, root, name, name, Optional.empty())) {
      Files.copy(staging.resolve(name + ",1.lease"), staging.resolve(name + ",2.lease"));
      Work work = new Work(hadoop, root, name, lost);
      assertThatThrownBy(() -> work.plan(Map.of())).isInstanceOf(LeaseHeldException.class);
      assertThatThrownBy(work::delete).isInstanceOf(LeaseHeldException.class);
      assertThat(work.chunks()).hasSize(1);
    }
    assertThat(begun).exists();
    assertThat(folder.resolve("store/_work/date=2026-11-01/plan.json")).exists();
  }

  /** Starting over would only delete the finished chunks of the night. */
  @Test
  void blamesADamagedInputOnTheInput() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      Random random = new Random(1);
      for (int i = 0; i < 20_000; i++) {
        gzip.write((Long.toString(random.nextLong(), 36) + "\n").getBytes(UTF_8));
      }
    }
    input = folder.resolve("in.txt.gz");
    Files.write(input, Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
    assertThatThrownBy(() -> score("1"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in.txt.gz");
  }

  /** As a file whose content never reached the disk before the power went. */
  @Test
  void startsOverOnceAfterAFileHasLostItsRows() throws IOException {
    damage(BegunNightIT::isOfRows, 0);
    assertStartsOverOnce(
        "Cannot publish night 2026-11-01: 2 rows were planned and 0 scored. Run again.");
  }

  @Test
  void startsOverOnceAfterAFileWasCutShort() throws IOException {
    damage(BegunNightIT::isOfRows, 0.5);
    assertStartsOverOnce(
        "Cannot resume night 2026-11-01: a file of its unfinished work is damaged. Run again to start over.");
  }

  @Test
  void startsOverOnceAfterTheNotesOfItsBatchesAreLost() throws IOException {
    damage(file -> file.toString().matches(".*/batches-.*[.]json"), 0);
    assertStartsOverOnce(
        "Cannot publish night 2026-11-01: 2 rows were planned and 0 scored. Run again.");
  }

  /** Keeps a share of some files of the work. */
  private void damage(Predicate<Path> which, double share) throws IOException {
    try (Stream<Path> work = Files.walk(folder.resolve("store/_work"))) {
      for (Path file : work.filter(which).toList()) {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, (int) (share * whole.length)));
      }
    }
  }

  private void assertStartsOverOnce(String message) {
    assertThatThrownBy(() -> score("1")).isInstanceOf(OutputException.class).hasMessage(message);
    assertThat(score("1").manifest().orElseThrow().speed().scoredHere()).isEqualTo(2);
  }

  private static boolean isOfRows(Path file) {
    return file.getParent().getFileName().toString().startsWith("rows-")
        && file.toString().endsWith(".parquet");
  }

  /** What an attempt that died has left does not count, however broken it is. */
  @Test
  void passesOverNotesOfAttemptsThatDied() throws IOException {
    try (Stream<Path> work = Files.list(folder.resolve("store/_work/date=2026-11-01"))) {
      for (Path notes : work.filter(it -> it.toString().contains("/batches-")).toList()) {
        Files.writeString(notes.resolve("000000-999.json"), "{\"attempt\":999,\"ro");
      }
    }
    assertThat(score("1").manifest().orElseThrow().speed().scoredHere()).isZero();
  }

  private NightAction.Result overwrite() {
    return TestNight.score(
        folder.resolve("store"), Source.of(input), NIGHT, Optional.empty(), true);
  }

  private NightAction.Result score(String version) {
    return TestNight.score(folder.resolve("store"), Source.of(input), NIGHT, version);
  }
}
