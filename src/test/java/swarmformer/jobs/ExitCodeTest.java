package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import swarmformer.checkpoint.ModelException;
import swarmformer.errors.DeviceException;
import swarmformer.errors.InputException;

class ExitCodeTest {
  @Test
  void tellsMistakesApart() {
    assertThat(ExitCode.of(new ParameterException(new CommandLine(new Score()), "x"))).isEqualTo(2);
    assertThat(ExitCode.of(new InputException("x"))).isEqualTo(3);
    assertThat(ExitCode.of(new ModelException("x"))).isEqualTo(4);
    assertThat(ExitCode.of(new DeviceException("x"))).isEqualTo(5);
  }

  @Test
  void takesAllElseForABug() {
    assertThat(ExitCode.of(new IllegalStateException("x"))).isEqualTo(1);
    assertThat(ExitCode.of(new IllegalStateException(new InputException("x")))).isEqualTo(1);
    assertThat(ExitCode.of(new OutOfMemoryError("x"))).isEqualTo(1);
  }

  @Test
  void hidesNoClosedGateBehindTheDeadline() {
    assertThat(ExitCode.ofBoth(ExitCode.GATE, ExitCode.DEADLINE)).isEqualTo(ExitCode.GATE);
    assertThat(ExitCode.ofBoth(8, ExitCode.GATE)).isEqualTo(8);
    assertThat(ExitCode.ofBoth(ExitCode.DONE, ExitCode.DEADLINE)).isEqualTo(ExitCode.DEADLINE);
  }
}
