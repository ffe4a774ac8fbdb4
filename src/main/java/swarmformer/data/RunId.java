package swarmformer.data;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import swarmformer.errors.OutputException;

/** The name of a run, which is also the name of its directory. */
public final class RunId {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private RunId() {}

  /** A new id that sorts by time and does not meet another: {@code 20261101T093000Z-3fa9}. */
  public static String next() {
    return String.format(
        Locale.ROOT, "%s-%04x", TIME.format(Instant.now()), new SecureRandom().nextInt(1 << 16));
  }

  /**
   * Checks an id that a user gave.
   *
   * @throws OutputException if it cannot be the name of a directory everywhere
   */
  public static String check(String id) {
    if (!VALID.matcher(id).matches()) {
      throw new OutputException(
          "Cannot use run id '%s': it may hold letters, digits, '.', '_' and '-', begin with a letter or digit, and be at most 128 long. Set --run-id."
              .formatted(id.replaceAll("\\p{Cntrl}", "?")));
    }
    return id;
  }
}
