package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {
  @TempDir Path root;

  @Test
  void goesToExactlyOneOfManyProcessesAtOnce() throws Exception {
    List<Process> holders = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      holders.add(ClaimHolder.start(NightHolder.class, root, "n"));
    }
    List<String> answers = new ArrayList<>();
    for (Process holder : holders) {
      answers.add(ClaimHolder.answer(holder));
    }
    for (Process holder : holders) {
      ClaimHolder.release(holder);
    }
    assertThat(answers).filteredOn(answer -> answer.startsWith("claimed")).hasSize(1);
    assertThat(answers)
        .allMatch(
            answer ->
                answer.matches(
                    "claimed .*|refused Cannot write n: process \\d+ on \\S+ is writing it\\. Wait for it, or stop it\\."));
    assertThat(names(root)).isEmpty();
  }

  @Test
  void diesWithItsProcess() throws Exception {
    Process holder = ClaimHolder.start(NightHolder.class, root, "n");
    assertThat(ClaimHolder.answer(holder)).startsWith("claimed");
    assertThatThrownBy(() -> NightHolder.take(root, "n"))
        .isInstanceOf(HeldException.class)
        .hasMessageStartingWith("Cannot write n: process %d on ", holder.pid());
    holder.destroyForcibly().waitFor();
    NightHolder.take(root, "n").close();
    assertThat(names(root)).isEmpty();
  }

  @Test
  void isNotGivenTwiceToOneProcess() {
    try (Claim claim = NightHolder.take(root, "n");
        Claim other = NightHolder.take(root, "m")) {
      assertThat(claim.folder()).isNotEqualTo(other.folder());
      assertThatThrownBy(() -> NightHolder.take(root, "n")).isInstanceOf(HeldException.class);
    }
    assertThat(names(root)).isEmpty();
  }

  @Test
  void publishesWholeAndReplacesWhereThatIsWanted() {
    publish("old", false);
    assertThat(content()).isEqualTo("old");
    assertThatThrownBy(() -> publish("new", false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot publish to file:%s/date=n: it exists already. Another process was faster; run again."
                .formatted(root));
    assertThat(content()).isEqualTo("old");
    publish("new", true);
    assertThat(content()).isEqualTo("new");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void putsBackWhatWasSetAsideByAProcessThatDied() throws Exception {
    Process holder = ClaimHolder.start(NightHolder.class, root, "n");
    Path folder = RunDirectories.local(ClaimHolder.answer(holder).replace("claimed ", ""));
    write(folder.resolve("replaced/part"), "old");
    holder.destroyForcibly().waitFor();
    NightHolder.take(root, "other").close();
    assertThat(content()).isEqualTo("old");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void refusesAFileSystemWithoutAnAtomicRename() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.store.impl", ObjectStore.class.getName());
    assertThatThrownBy(
            () ->
                Claim.requireAtomicRename(
                    hadoop, new org.apache.hadoop.fs.Path("store:///s"), "Do that."))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot publish to store:/s: a folder cannot be renamed in one step there. Do that.");
  }

  private void publish(String content, boolean replace) {
    try (Claim claim = NightHolder.take(root, "n")) {
      Path staged = RunDirectories.local(claim.folder() + "/night");
      write(staged.resolve("part"), content);
      claim.publish(
          new org.apache.hadoop.fs.Path(claim.folder(), "night"),
          new org.apache.hadoop.fs.Path("file:" + root + "/date=n"),
          replace);
    }
  }

  private String content() {
    try {
      return Files.readString(root.resolve("date=n/part"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
