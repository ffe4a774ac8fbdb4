package swarmformer.cluster;

/** A Spark that this project does not run on. The message is for a person. */
public final class UnsupportedSparkException extends UnsupportedOperationException {
  private static final long serialVersionUID = 1L;

  UnsupportedSparkException(String message) {
    super(message);
  }
}
