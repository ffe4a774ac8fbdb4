package swarmformer.doctor;

/**
 * Something that is wrong.
 *
 * @param kind what it stops
 * @param text what, why, and what to do
 */
public record Problem(Kind kind, String text) {
  /** What a problem stops. */
  public enum Kind {
    /** The device that was asked for cannot be used. */
    DEVICE,
    /** A run may fail for want of room. */
    DISK,
    /** A run works, but not as well as it could, or not for sure. */
    DOUBT
  }
}
