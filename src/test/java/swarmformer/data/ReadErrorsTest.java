package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.ConnectException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

class ReadErrorsTest {
  @Test
  void explainsWhatMayNotBeRead() {
    assertExplains(new AccessControlException("no"), "permission denied. Check who may read it.");
    assertExplains(
        new FileNotFoundException("a.csv (Permission denied)"),
        "permission denied. Check who may read it.");
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
    assertThat(WriteErrors.translate("out", "in", gone)).hasMessageStartingWith("Cannot read in: ");
    IOException full = new IOException("No space left on device");
    assertThat(WriteErrors.translate("out", "in", full))
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
    DataException ours = new DataException("Cannot do it.");
    assertThat(ReadErrors.translate("a", new IOException(new RuntimeException(ours))))
        .isSameAs(ours);
  }

  @Test
  void keepsBugs() {
    RuntimeException bug = new IllegalStateException("oh");
    assertThat(ReadErrors.translate("a", bug)).isSameAs(bug);
    Exception unserialisable = new NotSerializableException("x");
    assertThat(ReadErrors.translate("a", unserialisable))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(unserialisable);
  }

  private static void assertExplains(Exception failure, String reason) {
    assertThat(ReadErrors.translate("a.csv", failure))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read a.csv: " + reason)
        .hasCause(failure);
  }
}
