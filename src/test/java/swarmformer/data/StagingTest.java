package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.data.RunDirectories.claim;
import static swarmformer.data.RunDirectories.claimToOverwrite;
import static swarmformer.data.RunDirectories.content;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.publish;
import static swarmformer.data.RunDirectories.staging;
import static swarmformer.data.RunDirectories.stagingOf;
import static swarmformer.data.RunDirectories.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
  private static final Writer SELF = Writer.ofThisProcess("k");

  @TempDir Path output;

  @Test
  void sweepsWhatAProcessThatIsGoneHasLeft() throws Exception {
    Process gone = ClaimHolder.start(output, "gone");
    assertThat(ClaimHolder.answer(gone)).startsWith("claimed ");
    gone.destroyForcibly().waitFor();
    assertThat(names(output)).containsExactly("_staging");
    publish(claim(output, "k"), "new");
    assertThat(names(output)).containsExactly("run=k");
  }

  @Test
  void sweepsWhatAnEarlierProcessOfTheSameNumberHasLeft() {
    stagingOf(output, "k", SELF.pid(), SELF.started() - 3_600_000);
    publish(claim(output, "k"), "new");
    assertThat(names(output)).containsExactly("run=k");
  }

  @Test
  void takesAProcessForItselfAfterTheClockWasCorrected() {
    Path live = stagingOf(output, "live", SELF.pid(), SELF.started() - 2_000);
    publish(claim(output, "k"), "new");
    assertThat(live.resolve("scored/part")).exists();
  }

  @Test
  void keepsWhatThisProcessWritesUnderAnotherId() {
    try (RunDirectory other = claim(output, "other")) {
      RunDirectories.stage(other, "other");
      publish(claim(output, "k"), "new");
      other.publish();
    }
    assertThat(names(output)).containsExactly("run=k", "run=other");
  }

  @Test
  void keepsAndRefusesWhatAnotherProcessWrites() throws Exception {
    Process holder = ClaimHolder.start(output, "held");
    try {
      String scratch = ClaimHolder.answer(holder).replace("claimed file:", "");
      publish(claim(output, "k"), "new");
      assertThat(Path.of(scratch).getParent()).exists();
      assertThatThrownBy(() -> claim(output, "held"))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot write run 'held': process %d on ", holder.pid());
    } finally {
      ClaimHolder.release(holder);
    }
    assertThat(names(output)).containsExactly("run=k");
    publish(claim(output, "held"), "mine");
  }

  @Test
  void grantsAtMostOneOfManyProcessesAtOnce() throws Exception {
    List<Process> holders = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      holders.add(ClaimHolder.start(output, "k"));
    }
    List<String> answers = new ArrayList<>();
    for (Process holder : holders) {
      answers.add(ClaimHolder.answer(holder));
    }
    for (Process holder : holders) {
      ClaimHolder.release(holder);
    }
    assertThat(answers.stream().filter(answer -> answer.startsWith("claimed")).count())
        .isLessThanOrEqualTo(1);
    assertThat(answers)
        .allMatch(answer -> answer.matches("claimed .*|refused Cannot write run .*"));
    assertThat(names(output)).isEmpty();
  }

  @Test
  void keepsAFreshFolderOfAnotherHost() {
    Path foreign = staging(output, new Writer("foreign", "elsewhere", 1, 1));
    publish(claim(output, "k"), "new");
    assertThat(foreign.resolve("scored/part")).exists();
    assertThatThrownBy(() -> claim(output, "foreign"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write run 'foreign': process 1 on elsewhere is writing it. Wait for it, or set another --run-id.");
  }

  @Test
  void keepsAFolderOfAnotherHostThatWasTouchedMinutesAgo() throws IOException {
    Path foreign = staging(output, new Writer("foreign", "elsewhere", 1, 1));
    age(foreign, Duration.ofMinutes(14));
    publish(claim(output, "k"), "new");
    assertThat(foreign).exists();
  }

  @Test
  void sweepsAFolderOfAnotherHostThatNobodyTouches() throws IOException {
    age(staging(output, new Writer("k", "elsewhere", 1, 1)), Duration.ofMinutes(16));
    publish(claim(output, "k"), "new");
    assertThat(names(output)).containsExactly("run=k");
  }

  @Test
  void keepsAFolderOfUnknownMakeWhileItIsFresh() throws IOException {
    Path unknown = output.resolve("_staging/something");
    write(unknown.resolve("part"), "?");
    publish(claim(output, "a"), "new");
    assertThat(unknown).exists();
    age(unknown, Duration.ofMinutes(16));
    publish(claim(output, "b"), "new");
    assertThat(names(output)).containsExactly("run=a", "run=b");
  }

  @Test
  void putsBackARunWhoseSuccessorWasNotPublished() {
    publish(claim(output, "k"), "old");
    interruptBetweenTheRenames();
    publish(claim(output, "other"), "other");
    assertThat(names(output)).containsExactly("run=k", "run=other");
    assertThat(content(output, "k")).contains("old");
  }

  @Test
  void replacesARunWhoseSuccessorWasNotPublished() {
    publish(claim(output, "k"), "old");
    interruptBetweenTheRenames();
    publish(claimToOverwrite(output, "k"), "new");
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("new");
  }

  @Test
  void dropsAReplacedRunWhoseSuccessorWasPublished() {
    publish(claim(output, "k"), "new");
    Path dead = stagingOf(output, "k", SELF.pid(), SELF.started() - 3_600_000);
    write(dead.resolve("replaced/predictions/part"), "old");
    publish(claim(output, "other"), "other");
    assertThat(names(output)).containsExactly("run=k", "run=other");
    assertThat(content(output, "k")).contains("new");
  }

  /** Leaves what a kill leaves after the old run was moved aside, before the new one came. */
  private void interruptBetweenTheRenames() {
    Path dead = stagingOf(output, "k", SELF.pid(), SELF.started() - 3_600_000);
    assertThat(output.resolve("run=k").toFile().renameTo(dead.resolve("replaced").toFile()))
        .isTrue();
    write(dead.resolve("run/predictions/part"), "new");
  }

  private static void age(Path folder, Duration age) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minus(age)));
  }
}
