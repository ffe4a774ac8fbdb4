package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import swarmformer.checkpoint.ModelException;
import swarmformer.errors.DeviceException;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;

class FailuresTest {
  @Test
  void explainsWhatMayNotBeRead() {
    assertExplains(new AccessControlException("no"), "permission denied. Check who may read it.");
    assertExplains(
        new FileNotFoundException("a.csv (Permission denied)"),
        "permission denied. Check who may read it.");
    assertExplains(
        new AccessControlException(
            "Permission denied: user=a, access=READ_EXECUTE, inode=\"/in/_tmp\":b:b:drwx------\n\tat"),
        "permission denied for /in/_tmp. Check who may read it.");
  }

  @Test
  void explainsTheDeepestCauseThatItKnows() {
    RuntimeException outer =
        new RuntimeException("[FAILED_READ_FILE.NO_HINT] a.csv", new AccessControlException("no"));
    assertExplains(outer, "permission denied. Check who may read it.");
  }

  @Test
  void blamesTheInputForWhatIsNoFaultOfTheOutput() {
    FileNotFoundException gone = new FileNotFoundException("a.csv");
    assertThat(Failures.ofWriting("out", "in", gone)).hasMessageStartingWith("Cannot read in: ");
    IOException full = new IOException("No space left on device");
    assertThat(Failures.ofWriting("out", "in", full))
        .hasMessageStartingWith("Cannot write to out: the disk is full.");
  }

  @Test
  void explainsFilesThatWentAway() {
    assertExplains(
        new FileNotFoundException("a.csv"),
        "a file was not found (a.csv). Did it change while it was read?");
  }

  @Test
  void explainsFileSystemsThatAreAway() {
    assertExplains(
        new ConnectException("Connection refused"),
        "ConnectException (Connection refused). Check the path.");
  }

  @Test
  void givesOneLineOfAFailureThatHasMany() {
    assertExplains(new IOException("one\ntwo"), "IOException (one). Check the path.");
    assertExplains(new IOException(), "IOException (IOException). Check the path.");
  }

  @Test
  void keepsWhatWasThrownOnPurpose() {
    InputException ours = new InputException("Cannot do it.");
    assertThat(Failures.ofReading("a", new IOException(new RuntimeException(ours)))).isSameAs(ours);
  }

  @Test
  void keepsBugs() {
    RuntimeException bug = new IllegalStateException("oh");
    assertThat(Failures.ofReading("a", bug)).isSameAs(bug);
    Exception unserialisable = new NotSerializableException("x");
    assertThat(Failures.ofReading("a", unserialisable))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(unserialisable);
  }

  @Test
  void saysHowOftenAnExecutorDied() {
    Exception failure =
        new IllegalStateException(
            new SparkException(
                "Job aborted due to stage failure: Task 1 in stage 4.0 failed 4 times, most recent failure: Lost task 1.3 in stage 4.0 (TID 19) (10.0.0.7 executor 5): ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: Command exited with code 137\nDriver stacktrace:"));
    Exception explained = Failures.ofProgram(failure);
    assertThat(explained)
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot finish: an executor died at each of 4 attempts of a task, at last executor 5 (Command exited with code 137). If memory ran out, raise spark.executor.memoryOverhead; the log of that executor may tell more.")
        .hasCause(failure);
  }

  /**
   * Where all executors are on one host, Spark gives up before the last attempt, without a cause.
   */
  @Test
  void readsWhatTasksFailedWithWhereTheyMayRunNowhere() {
    Exception ofInput =
        abortedBy(
            "swarmformer.errors.InputException: Cannot score row 7: no tokens.\n\tat a.B.c(B.java:1)");
    assertThat(Failures.ofProgram(ofInput))
        .isInstanceOf(InputException.class)
        .hasMessage("Cannot score row 7: no tokens.")
        .hasCause(ofInput);
    String lost =
        "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: Command exited with code 137";
    assertThat(Failures.ofProgram(abortedBy(lost)))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot finish: a task failed on every host that it may run on, at last with: Lost task 0.1 in stage 1.0 (TID 3) (h executor 1): "
                + lost);
  }

  /** As readers say it, with causes below that only the text has. */
  @Test
  void readsOfTasksThatMayRunNowhereWhatTheyCouldNotRead() {
    String damaged =
        "[FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:/a.parquet. SQLSTATE: KD001";
    Exception ofFile = abortedBy("org.apache.spark.SparkException: " + damaged + TRACE + "X");
    for (Exception explained :
        List.of(Failures.ofProgram(ofFile), Failures.ofWriting("out", "in", ofFile))) {
      assertThat(explained)
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith(
              ": a file is damaged or of another format (%s). Check it, or set --format.", damaged);
    }
    Exception denied =
        abortedBy(
            "org.apache.spark.SparkException: %s%sjava.io.FileNotFoundException: /a.csv (Permission denied)"
                .formatted(damaged, TRACE));
    assertThat(Failures.ofWriting("out", "in", denied))
        .isInstanceOf(InputException.class)
        .hasMessage("Cannot read in: permission denied. Check who may read it.");
    assertThat(Failures.ofProgram(denied))
        .isInstanceOf(InputException.class)
        .hasMessage("Cannot finish: permission denied. Check who may read it.");
  }

  @Test
  void readsOfTasksThatMayRunNowhereWhatTheyCouldNotWrite() {
    Exception full =
        abortedBy(
            "java.io.IOException: x" + TRACE + "java.io.IOException: No space left on device");
    assertThat(Failures.ofWriting("out", "in", full))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot write to out: the disk is full.");
    assertThat(Failures.ofProgram(full)).isInstanceOf(OutputException.class);
  }

  @Test
  void keepsTheKindOfWhatTasksThatMayRunNowhereHaveThrown() {
    Exception failure = abortedBy("swarmformer.checkpoint.ModelException: Cannot use it." + TRACE);
    for (Exception explained :
        List.of(Failures.ofProgram(failure), Failures.ofWriting("out", "in", failure))) {
      assertThat(explained).isInstanceOf(ModelException.class).hasMessage("Cannot use it.");
    }
  }

  private static final String TRACE = "\n\tat a.B.c(B.java:1)\nCaused by: ";

  private static Exception abortedBy(String thrown) {
    return new SparkException(
        "Job aborted due to stage failure: Aborting TaskSet 1.0 because task 0 (partition 0)\ncannot run anywhere due to node and executor excludeOnFailure.\nMost recent failure:\nLost task 0.1 in stage 1.0 (TID 3) (h executor 1): %s\n\nExcludeOnFailure behavior can be configured via spark.excludeOnFailure.*.\n"
            .formatted(thrown));
  }

  @Test
  void tellsMissingCredentialsFromMissingPermissions() {
    assertExplains(
        new AccessControlException("Client cannot authenticate via:[TOKEN, KERBEROS]"),
        "no credentials for that storage (Client cannot authenticate via:[TOKEN, KERBEROS]). Run kinit, or set the keys or the role that it asks for.");
    Exception ofS3 =
        new AccessDeniedException(
            "s3a://b/k", "", "No AWS Credentials provided by TemporaryAWSCredentialsProvider");
    assertThat(Failures.ofWriting("out", ofS3))
        .hasMessageStartingWith("Cannot write to out: no credentials for that storage (");
    for (String path : List.of("/srv/credentials/a.csv", "/srv/aws-credentials.csv")) {
      assertExplains(
          new FileNotFoundException(path + " (Permission denied)"),
          "permission denied. Check who may read it.");
    }
  }

  @Test
  void tellsABrokenConnectionFromADamagedFile() {
    String told =
        "End of File Exception between local host is: \"a/1.2.3.4\"; destination host is: b";
    assertExplains(new EOFException(told), "EOFException (" + told + "). Check the path.");
    assertExplains(
        new EOFException("Unexpected end of stream"),
        "a file is damaged or of another format (Unexpected end of stream). Check it, or set --format.");
  }

  @Test
  void leavesOtherFailuresAsTheyAre() {
    Exception bug = new IllegalStateException("Task 1 failed 4 times, most recent failure: NPE");
    assertThat(Failures.ofProgram(bug)).isSameAs(bug);
  }

  private static void assertExplains(Exception failure, String reason) {
    assertThat(Failures.ofReading("a.csv", failure))
        .isInstanceOf(InputException.class)
        .hasMessage("Cannot read a.csv: " + reason)
        .hasCause(failure);
  }
}
