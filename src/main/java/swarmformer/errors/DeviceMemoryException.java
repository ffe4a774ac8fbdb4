package swarmformer.errors;

/** A device that has no free memory for a model. */
public final class DeviceMemoryException extends DeviceException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person and the failure behind it. */
  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
