package swarmformer.errors;

/** A device that was asked for and cannot be used, or executors that die. */
public class DeviceException extends SwarmFormerException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  public DeviceException(String message) {
    super(ErrorCode.DEVICE, message);
  }

  /** With a message for a person and the failure behind it. */
  public DeviceException(String message, Throwable cause) {
    super(ErrorCode.DEVICE, message, cause);
  }
}
