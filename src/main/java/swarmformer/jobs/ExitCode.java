package swarmformer.jobs;

import picocli.CommandLine.ParameterException;
import swarmformer.checkpoint.ModelException;
import swarmformer.cluster.UnsupportedSparkException;
import swarmformer.data.DataException;
import swarmformer.data.HeldException;
import swarmformer.model.DeviceException;
import swarmformer.training.RecipeException;

/** How a program ends, for the one who started it. */
final class ExitCode {
  static final int DONE = 0;
  static final int BUG = 1;
  static final int USAGE = 2;
  static final int INPUT_OR_OUTPUT = 3;
  static final int MODEL = 4;
  static final int DEVICE = 5;

  /** All was done and published, and a gate that the user set has closed. */
  static final int GATE = 6;

  /** The deadline came first; what was done is kept. */
  static final int DEADLINE = 7;

  /** Another process does the same. */
  static final int HELD = 8;

  private ExitCode() {}

  /** The code for what was thrown; {@link #BUG} for what nobody foresaw. */
  static int of(Throwable failure) {
    if (failure instanceof ParameterException || failure instanceof UnsupportedSparkException) {
      return USAGE;
    }
    if (failure instanceof DataException || failure instanceof RecipeException) {
      return INPUT_OR_OUTPUT;
    }
    if (failure instanceof ModelException) {
      return MODEL;
    }
    if (failure instanceof HeldException) {
      return HELD;
    }
    return failure instanceof DeviceException ? DEVICE : BUG;
  }
}
