package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.data.RunDirectories.begin;
import static swarmformer.data.RunDirectories.beginToOverwrite;
import static swarmformer.data.RunDirectories.content;
import static swarmformer.data.RunDirectories.local;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.publish;
import static swarmformer.data.RunDirectories.stage;
import static swarmformer.data.RunDirectories.write;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;

class RunDirectoryTest {
  @TempDir Path output;

  @Test
  void showsNothingUntilItPublishesAll() {
    try (RunDirectory run = begin(output, "k")) {
      stage(run, "new");
      assertThat(names(output)).containsExactly("_staging");
      run.publish("app");
      assertThat(content(output, "k")).contains("new");
    }
    assertThat(names(output)).containsExactly("run=k");
  }

  @Test
  void leavesNothingOfARunThatFailed() {
    try (RunDirectory run = begin(output, "k")) {
      stage(run, "half");
      write(local(run.scratch("scored")).resolve("part"), "half");
    }
    assertThat(names(output)).isEmpty();
  }

  @Test
  void refusesAnIdThatIsTaken() {
    publish(begin(output, "k"), "old");
    assertThatThrownBy(() -> begin(output, "k"))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write run 'k': file:%s/run=k exists. Set another --run-id, or --overwrite to replace it.",
            output);
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("old");
  }

  @Test
  void refusesToPublishOverARunThatCameMeanwhile() {
    try (RunDirectory run = begin(output, "k")) {
      stage(run, "mine");
      write(output.resolve("run=k/predictions/part"), "theirs");
      assertThatThrownBy(() -> run.publish("app"))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("run=k exists. Set another --run-id, or --overwrite");
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(names(output.resolve("run=k"))).containsExactly("predictions");
    assertThat(content(output, "k")).contains("theirs");
  }

  @Test
  void replacesARunAndLeavesNothingOfIt() {
    publish(begin(output, "k"), "old");
    write(output.resolve("run=k/evaluation/metrics.json"), "{}");
    publish(beginToOverwrite(output, "k"), "new");
    assertThat(names(output)).containsExactly("run=k");
    assertThat(names(output.resolve("run=k"))).containsExactly("predictions", "run.json");
    assertThat(content(output, "k")).contains("new");
  }

  @Test
  void overwritesWhatIsNotThere() {
    publish(beginToOverwrite(output, "k"), "new");
    assertThat(content(output, "k")).contains("new");
  }

  @Test
  void keepsTheOldRunUntilTheNewOneIsWhole() {
    publish(begin(output, "k"), "old");
    try (RunDirectory run = beginToOverwrite(output, "k")) {
      stage(run, "half");
      assertThat(content(output, "k")).contains("old");
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("old");
  }

  @Test
  void refusesASecondWriterWhileTheFirstLives() {
    try (RunDirectory first = begin(output, "k")) {
      assertThatThrownBy(() -> beginToOverwrite(output, "k"))
          .isInstanceOf(LeaseHeldException.class)
          .hasMessageMatching(
              "Cannot write run 'k': process %d on \\S+ is writing it\\. Wait for it, or stop it\\."
                  .formatted(ProcessHandle.current().pid()));
      publish(first, "first");
    }
    assertThat(content(output, "k")).contains("first");
  }

  @Test
  void writesRunsOfOtherIdsSideBySide() {
    try (RunDirectory a = begin(output, "a");
        RunDirectory b = begin(output, "b")) {
      stage(a, "a");
      stage(b, "b");
      a.publish("app");
      b.publish("app");
    }
    assertThat(names(output)).containsExactly("run=a", "run=b");
  }

  @Test
  void refusesAnIdThatCouldLeaveTheFolder() {
    assertThatThrownBy(() -> begin(output, "../k"))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot use run id '../k': it may hold letters, digits");
  }

  @Test
  void refusesAnOutputThatIsAFile() {
    Path file = output.resolve("file");
    write(file, "not a directory");
    assertThatThrownBy(() -> begin(file, "k"))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to %s: it is not a directory. Set another --output or --store.", file);
  }

  @Test
  void refusesAnOutputThatItMayNotWrite() {
    Configuration hadoop = new Configuration();
    hadoop.setClass(
        "fs.forbidden.impl", ForbiddenDisk.class, org.apache.hadoop.fs.FileSystem.class);
    assertThatThrownBy(() -> RunDirectory.begin(hadoop, "forbidden:" + output, "k", false))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to forbidden:%s: permission denied. Check who may write there, or set another --output or --store.",
            output);
  }

  @Test
  void refusesAFileSystemThatNobodyKnows() {
    assertThatThrownBy(() -> RunDirectory.begin(new Configuration(), "nowhere:/x", "k", false))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to nowhere:/x: No FileSystem for scheme \"nowhere\". Add the jar of that file system.");
  }
}
