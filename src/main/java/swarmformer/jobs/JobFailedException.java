package swarmformer.jobs;

import java.util.Locale;

/** Tells YARN that a job has failed: its message becomes the diagnostics of the application. */
final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param code the exit code that the job would have ended with elsewhere
   * @param said what it printed to standard error
   */
  JobFailedException(int code, String said) {
    super(String.format(Locale.ROOT, "%s (exit code %d)", said, code), null, false, false);
  }
}
