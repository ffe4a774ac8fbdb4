package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.data.RunDirectories.claim;
import static swarmformer.data.RunDirectories.claimToOverwrite;
import static swarmformer.data.RunDirectories.content;
import static swarmformer.data.RunDirectories.local;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.publish;
import static swarmformer.data.RunDirectories.stage;
import static swarmformer.data.RunDirectories.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path output;

  @Test
  void showsNothingUntilItPublishesAll() {
    try (RunDirectory run = claim(output, "k")) {
      stage(run, "new");
      assertThat(names(output)).containsExactly("_staging");
      run.publish();
      assertThat(content(output, "k")).contains("new");
    }
    assertThat(names(output)).containsExactly("run=k");
  }

  @Test
  void leavesNothingOfARunThatFailed() {
    try (RunDirectory run = claim(output, "k")) {
      stage(run, "half");
      write(local(run.scratch("scored")).resolve("part"), "half");
    }
    assertThat(names(output)).isEmpty();
  }

  @Test
  void refusesAnIdThatIsTaken() {
    publish(claim(output, "k"), "old");
    assertThatThrownBy(() -> claim(output, "k"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write run 'k': file:%s/run=k exists. Set another --run-id, or --overwrite to replace it.",
            output);
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("old");
  }

  @Test
  void refusesToPublishOverARunThatCameMeanwhile() {
    try (RunDirectory run = claim(output, "k")) {
      stage(run, "mine");
      write(output.resolve("run=k/predictions/part"), "theirs");
      assertThatThrownBy(run::publish)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("run=k exists. Set another --run-id, or --overwrite");
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(names(output.resolve("run=k"))).containsExactly("predictions");
    assertThat(content(output, "k")).contains("theirs");
  }

  @Test
  void replacesARunAndLeavesNothingOfIt() {
    publish(claim(output, "k"), "old");
    write(output.resolve("run=k/evaluation/metrics.json"), "{}");
    publish(claimToOverwrite(output, "k"), "new");
    assertThat(names(output)).containsExactly("run=k");
    assertThat(names(output.resolve("run=k"))).containsExactly("predictions");
    assertThat(content(output, "k")).contains("new");
  }

  @Test
  void overwritesWhatIsNotThere() {
    publish(claimToOverwrite(output, "k"), "new");
    assertThat(content(output, "k")).contains("new");
  }

  @Test
  void keepsTheOldRunUntilTheNewOneIsWhole() {
    publish(claim(output, "k"), "old");
    try (RunDirectory run = claimToOverwrite(output, "k")) {
      stage(run, "half");
      assertThat(content(output, "k")).contains("old");
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("old");
  }

  @Test
  void putsTheOldRunBackWhenTheNewOneCannotBePublished() {
    publish(claim(output, "k"), "old");
    try (RunDirectory run = claimToOverwrite(output, "k")) {
      // Nothing was staged, so the second of the two renames fails.
      assertThatThrownBy(run::publish).isInstanceOf(DataException.class);
      assertThat(content(output, "k")).isEmpty();
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("old");
  }

  @Test
  void refusesASecondWriterWhileTheFirstLives() {
    try (RunDirectory first = claim(output, "k")) {
      assertThatThrownBy(() -> claimToOverwrite(output, "k"))
          .isInstanceOf(DataException.class)
          .hasMessageMatching(
              "Cannot write run 'k': process %d on \\S+ is writing it\\. Wait for it, or set another --run-id\\."
                  .formatted(ProcessHandle.current().pid()));
      publish(first, "first");
    }
    assertThat(content(output, "k")).contains("first");
  }

  @Test
  void writesRunsOfOtherIdsSideBySide() {
    try (RunDirectory a = claim(output, "a");
        RunDirectory b = claim(output, "b")) {
      stage(a, "a");
      stage(b, "b");
      a.publish();
      b.publish();
    }
    assertThat(names(output)).containsExactly("run=a", "run=b");
  }

  @Test
  void grantsOneOfManyClaimsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<RunDirectory>> claims = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      claims.add(threads.submit(() -> claim(output, "k")));
    }
    threads.shutdown();
    assertThat(claims.stream().map(RunDirectoryTest::outcome)).containsOnlyOnce("granted");
  }

  private static String outcome(Future<RunDirectory> claim) {
    try {
      claim.get();
      return "granted";
    } catch (Exception e) {
      assertThat(e).hasRootCauseInstanceOf(DataException.class);
      return "refused";
    }
  }

  @Test
  void refusesAnIdThatCouldLeaveTheFolder() {
    assertThatThrownBy(() -> claim(output, "../k"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot use run id '../k': it may hold letters, digits");
  }

  @Test
  void refusesAnOutputThatIsAFile() {
    Path file = output.resolve("file");
    write(file, "not a folder");
    assertThatThrownBy(() -> claim(file, "k"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write to %s: it is not a folder. Set another --output or --store.", file);
  }

  @Test
  void refusesAnOutputThatItMayNotWrite() {
    Configuration hadoop = new Configuration();
    hadoop.setClass(
        "fs.forbidden.impl", ForbiddenDisk.class, org.apache.hadoop.fs.FileSystem.class);
    assertThatThrownBy(() -> RunDirectory.claim(hadoop, "forbidden:" + output, "k", false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write to forbidden:%s: permission denied. Check who may write there, or set another --output or --store.",
            output);
  }

  @Test
  void refusesAFileSystemThatNobodyKnows() {
    assertThatThrownBy(() -> RunDirectory.claim(new Configuration(), "nowhere:/x", "k", false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write to nowhere:/x: No FileSystem for scheme \"nowhere\". Add the jar of that file system.");
  }
}
