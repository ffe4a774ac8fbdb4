package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs programs as the application master of YARN does in cluster mode. */
class ProgramTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void beAnApplicationMaster() {
    System.setProperty("spark.master", "yarn");
    System.setProperty("spark.submit.deployMode", "cluster");
    PrintStream captured = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setOut(captured);
    System.setErr(captured);
  }

  @AfterEach
  void beATestAgain() {
    System.clearProperty("spark.master");
    System.clearProperty("spark.submit.deployMode");
    System.setOut(out);
    System.setErr(err);
  }

  @Test
  void returnsWhenItHasDoneItsWork() {
    assertThatCode(() -> Score.main("--help")).doesNotThrowAnyException();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("--input");
  }

  @Test
  void failsWithItsMessageAndWithoutAStackTrace() {
    assertThatThrownBy(() -> Score.main("--inptu", "x"))
        .isInstanceOf(JobFailedException.class)
        .hasMessageMatching(
            "Unknown option.*--inptu.* Try 'jobs/score.sh --help'\\. \\(exit code 2\\)")
        .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("Unknown option");
  }
}
