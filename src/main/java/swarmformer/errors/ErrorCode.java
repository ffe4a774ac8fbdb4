package swarmformer.errors;

/** Kinds of failure, with the exit code that a program ends with. */
public enum ErrorCode {
  /** Nobody foresaw it. */
  INTERNAL(1),
  /** Options, or the Spark that they were given to. */
  USAGE(2),
  /** What is read cannot be read, or not be used. */
  INPUT(3),
  /** What is written cannot be written. */
  OUTPUT(3),
  /** The model cannot be found, read or trusted. */
  MODEL(4),
  /** The device cannot be used, or executors die. */
  DEVICE(5),
  /** Another process holds the lease of the output. */
  HELD(8);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  /** What a program ends with, as the README lists it. */
  public int exitCode() {
    return exitCode;
  }
}
