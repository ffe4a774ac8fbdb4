package swarmformer.model;

/**
 * A device that was asked for and cannot be used. The message is for a person: it says what is
 * wrong, why, and how to fix it.
 *
 * <p>Of this kind of exception, PySpark and Spark Connect show the message alone.
 */
public final class DeviceException extends UnsupportedOperationException {
  private static final long serialVersionUID = 1L;

  /** Refuses a device with a message for a person. */
  public DeviceException(String message) {
    super(message);
  }

  /** Refuses a device with a message for a person and the failure behind it. */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
