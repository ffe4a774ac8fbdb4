package swarmformer.cluster;

import swarmformer.errors.ErrorCode;
import swarmformer.errors.SwarmFormerException;

/** A Spark that this project does not run on. */
public final class UnsupportedSparkException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  UnsupportedSparkException(String message) {
    super(ErrorCode.USAGE, message);
  }
}
