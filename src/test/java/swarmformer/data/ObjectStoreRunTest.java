package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.data.RunDirectories.local;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.stage;
import static swarmformer.data.RunDirectories.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

class ObjectStoreRunTest {
  @TempDir Path output;

  @Test
  void showsNothingUnderTheNameOfTheRunUntilItIsComplete() throws IOException {
    try (RunDirectory run = begin(false)) {
      stage(run, "new");
      assertThat(output.resolve("run=k")).doesNotExist();
      run.publish("app");
      assertThat(content()).isEqualTo("new");
    }
    assertThat(names(output)).containsExactly("_runs", "run=k");
    assertThat(names(output.resolve("run=k"))).containsExactly("run.json");
  }

  @Test
  void leavesNothingOfARunThatFailed() {
    try (RunDirectory run = begin(false)) {
      stage(run, "half");
    }
    assertThat(output.resolve("run=k")).doesNotExist();
    assertThat(output.resolve("_runs")).doesNotExist();
  }

  @Test
  void refusesAnIdThatIsTaken() {
    publish("old");
    assertThatThrownBy(() -> begin(false))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write run 'k': store:%s/run=k exists. Set another --run-id, or --overwrite to replace it.",
            output);
  }

  @Test
  void removesWhatAKilledRunHasLeft() throws IOException {
    write(output.resolve("_runs/run=k/dead/predictions/part"), "half");
    publish("new");
    assertThat(attempts()).hasSize(1).doesNotContain("dead");
    assertThat(content()).isEqualTo("new");
  }

  @Test
  void removesWhatAKilledRunOfAnotherIdHasLeft() {
    leaveAKilledRun();
    publish("new");
    assertThat(names(output.resolve("_runs/run=dead"))).isEmpty();
  }

  @Test
  void removesWhatAKilledRunOfAnotherIdHasLeftWhenAnEvaluationIsAdded() throws IOException {
    publish("new");
    leaveAKilledRun();
    new PublishedRun(
            new org.apache.hadoop.fs.Path(ObjectStore.SCHEME + ":" + output), "k", record())
        .addEvaluation(hadoop(), target -> write(local(target + "/metrics.json"), "{}"));
    assertThat(output.resolve("run=k/evaluation/metrics.json")).exists();
    assertThat(names(output.resolve("_runs/run=dead"))).isEmpty();
  }

  /** A process that was paused since it looked at the run must not delete what that has written. */
  @Test
  void leavesTheEvaluationToTheProcessThatTookOver() {
    publish("new");
    Path evaluation = output.resolve("run=k/evaluation/metrics.json");
    write(evaluation, "theirs");
    Configuration hadoop = hadoop();
    hadoop.setClass("fs.store.impl", PausingStore.class, FileSystem.class);
    hadoop.setBoolean("fs.store.impl.disable.cache", true);
    org.apache.hadoop.fs.Path place =
        new org.apache.hadoop.fs.Path(ObjectStore.SCHEME + ":" + output);
    assertThatThrownBy(
            () -> new PublishedRun(place, "k", record()).addEvaluation(hadoop, target -> {}))
        .isInstanceOf(LeaseHeldException.class);
    assertThat(evaluation).hasContent("theirs");
  }

  /** While it reads a run, another process takes that over. */
  public static final class PausingStore extends ObjectStore {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      Path run = Path.of(file.toUri().getPath());
      if (run.endsWith("run.json")) {
        Path staging = run.getParent().resolveSibling("_staging");
        Files.copy(
            staging.resolve("k,1.lease"),
            staging.resolve("k,2.lease"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      return super.open(file, buffer);
    }
  }

  @Test
  void replacesARunInOneStepAndRemovesIt() throws IOException {
    publish("old");
    write(output.resolve("run=k/evaluation/metrics.json"), "{}");
    List<String> before = attempts();
    try (RunDirectory run = begin(true)) {
      stage(run, "new");
      assertThat(content()).isEqualTo("old");
      run.publish("app");
    }
    assertThat(content()).isEqualTo("new");
    assertThat(attempts()).hasSize(1).doesNotContainAnyElementsOf(before);
    assertThat(names(output.resolve("run=k"))).containsExactly("run.json");
  }

  /**
   * A beat that took long may write a lease again that another process has taken over and ended.
   */
  @Test
  void namesNoDataThatAnotherProcessHasRemoved() throws IOException {
    publish("old");
    try (RunDirectory run = begin(true)) {
      stage(run, "new");
      String old = record().token();
      attempts().stream()
          .filter(token -> !token.equals(old))
          .forEach(
              token -> FileUtils.deleteQuietly(output.resolve("_runs/run=k/" + token).toFile()));
      assertThatThrownBy(() -> run.publish("app"))
          .isInstanceOf(LeaseHeldException.class)
          .hasMessage(
              "Cannot publish run 'k': another process has taken over and removed its data. It has published nothing.");
    }
    assertThat(content()).isEqualTo("old");
  }

  @Test
  void replacesARunWhoseRecordIsCut() throws IOException {
    publish("old");
    List<String> before = attempts();
    write(output.resolve("run=k/run.json"), "");
    try (RunDirectory run = begin(true)) {
      assertThat(attempts()).isEqualTo(before);
      stage(run, "new");
      run.publish("app");
    }
    assertThat(content()).isEqualTo("new");
    assertThat(attempts()).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  @Test
  void keepsWhatItHasPublishedWhereTheDataBeforeCannotBeRemoved() throws IOException {
    publish("old");
    try (RunDirectory run = begin(true)) {
      stage(run, "new");
      write(output.resolve("_runs/run=k/busy/part"), "of before");
      run.publish("app");
    }
    assertThat(content()).isEqualTo("new");
    assertThat(attempts()).contains("busy");
  }

  /** As where the answer to the writing of the record is lost. */
  @Test
  void keepsTheDataThatTheRecordNames() throws IOException {
    try (RunDirectory run = begin(false)) {
      stage(run, "new");
      String token = attempts().get(0);
      write(
          output.resolve("run=k/run.json"),
          "{\"run\":\"k\",\"application\":\"app\",\"token\":\"%s\",\"data\":\"_runs/run=k/%s\"}"
              .formatted(token, token));
    }
    assertThat(content()).isEqualTo("new");
  }

  @Test
  void refusesToPublishOverARunThatCameMeanwhile() throws IOException {
    try (RunDirectory run = begin(false)) {
      stage(run, "mine");
      write(output.resolve("run=k/run.json"), "{\"run\":\"k\",\"data\":\"theirs\"}");
      assertThatThrownBy(() -> run.publish("app"))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("run=k exists.");
    }
    assertThat(record().data()).isEqualTo("theirs");
  }

  @Test
  void writesARunOfAnIdOfItsOwnWhereNothingTellsWhoWasFirst() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.plain.impl", PublicationTest.PlainStore.class, FileSystem.class);
    try (RunDirectory run = RunDirectory.beginUnique(hadoop, "plain:" + output, "k")) {
      stage(run, "new");
      run.publish("app");
    }
    assertThat(content()).isEqualTo("new");
  }

  /** Data of a run of another id, and the lease of the process that wrote it. */
  private void leaveAKilledRun() {
    write(output.resolve("_runs/run=dead/token/predictions/part"), "half");
    LeaseOwner self = LeaseOwner.ofThisProcess("", false);
    LeaseOwner dead =
        new LeaseOwner("token", self.host(), self.pid(), self.namespace(), 0, "", 0, false);
    write(
        output.resolve("_staging/dead,1.lease"), new String(dead.toJson(), StandardCharsets.UTF_8));
  }

  private void publish(String content) {
    RunDirectories.publish(begin(false), content);
  }

  private List<String> attempts() {
    return names(output.resolve("_runs/run=k"));
  }

  /** What a reader finds that follows the record. */
  private String content() throws IOException {
    return Files.readString(output.resolve(record().data()).resolve("predictions/part"));
  }

  private RunRecord record() throws IOException {
    FileSystem disk = FileSystem.getLocal(new Configuration());
    return RunRecord.read(disk, new org.apache.hadoop.fs.Path(output + "/run=k")).orElseThrow();
  }

  private RunDirectory begin(boolean overwrite) {
    return RunDirectory.begin(hadoop(), ObjectStore.SCHEME + ":" + output, "k", overwrite);
  }

  private static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.store.impl", ObjectStore.class, FileSystem.class);
    return hadoop;
  }
}
