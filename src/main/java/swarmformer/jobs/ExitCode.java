package swarmformer.jobs;

import picocli.CommandLine.ParameterException;
import swarmformer.errors.ErrorCode;
import swarmformer.errors.SwarmFormerException;

/** How a program ends that did not fail; the codes of failures are those of {@link ErrorCode}. */
final class ExitCode {
  static final int DONE = 0;

  /** All was done and published, and a gate that the user set has closed. */
  static final int GATE = 6;

  /** The deadline came first; what was done is kept. */
  static final int DEADLINE = 7;

  private ExitCode() {}

  /**
   * The code of two nights: the greater, but for that of the deadline, which schedulers take for
   * success and which must not hide a closed gate.
   */
  static int ofBoth(int first, int second) {
    int greater = Math.max(first, second);
    return greater == DEADLINE && Math.min(first, second) == GATE ? GATE : greater;
  }

  /** The code for what was thrown; that of {@link ErrorCode#INTERNAL} for what nobody foresaw. */
  static int of(Throwable failure) {
    if (failure instanceof SwarmFormerException foreseen) {
      return foreseen.code().exitCode();
    }
    return (failure instanceof ParameterException ? ErrorCode.USAGE : ErrorCode.INTERNAL)
        .exitCode();
  }
}
