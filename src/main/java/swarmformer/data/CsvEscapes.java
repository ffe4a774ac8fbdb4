package swarmformer.data;

import java.io.Serializable;
import java.util.List;

/**
 * How quotes inside quotes are escaped in a CSV file: doubled, as RFC 4180 has it, or by a
 * backslash before them, as Spark, Hive and MySQL write them. The file is read both ways; where a
 * quote ends a value, the value has to end.
 */
final class CsvEscapes implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final byte BACKSLASH = '\\';

  private final Way doubled;
  private final Way backslashes;

  CsvEscapes(byte separator, byte quote) {
    this.doubled = new Way(separator, quote, false);
    this.backslashes = new Way(separator, quote, true);
  }

  /** Whether files make sense with backslashes only. */
  static boolean areBackslashes(List<CsvEscapes> files) {
    return files.stream().anyMatch(file -> file.doubled.isBroken())
        && files.stream().noneMatch(file -> file.backslashes.isBroken());
  }

  /**
   * What a line that has a quote escaped by a backslash matches, as far as a line alone tells.
   *
   * @param separator of columns, not a letter or digit
   */
  static String backslashLine(String separator) {
    return "(^|\\%1$s)\"([^\"]*[^\"\\\\])?\\\\\"[^\\%1$s\"\r\n]".formatted(separator);
  }

  /** What a line that has a doubled quote inside quotes matches, as far as a line alone tells. */
  static String doubledLine(String separator) {
    return "(^|\\%1$s)\"([^\"]*[^\"\\\\])?\"\"[^\\%1$s\r\n]".formatted(separator);
  }

  /** Shows it the next byte of the file. */
  void see(byte b) {
    doubled.see(b);
    backslashes.see(b);
  }

  private enum State {
    START_OF_VALUE,
    PLAIN,
    QUOTED,
    ESCAPED,
    QUOTE,
    /** Behind blanks behind a quote. */
    BLANKS
  }

  /** One way to read a file. */
  private static final class Way implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte separator;
    private final byte quote;
    private final boolean byBackslash;
    private State state = State.START_OF_VALUE;
    private boolean broken;

    Way(byte separator, byte quote, boolean byBackslash) {
      this.separator = separator;
      this.quote = quote;
      this.byBackslash = byBackslash;
    }

    /** Whether a value goes on behind a quote that ends it, or the file ends inside quotes. */
    boolean isBroken() {
      return broken || state == State.QUOTED || state == State.ESCAPED;
    }

    void see(byte b) {
      boolean ends = b == separator || b == '\n' || b == '\r';
      state =
          switch (state) {
            case START_OF_VALUE -> b == quote ? State.QUOTED : ends ? state : State.PLAIN;
            case PLAIN -> ends ? State.START_OF_VALUE : state;
            case QUOTED ->
                b == quote
                    ? State.QUOTE
                    : byBackslash && b == BACKSLASH ? State.ESCAPED : State.QUOTED;
            case ESCAPED -> State.QUOTED;
            case QUOTE, BLANKS -> {
              if (ends) {
                yield State.START_OF_VALUE;
              }
              if (b == quote && !byBackslash && state == State.QUOTE) {
                yield State.QUOTED;
              }
              boolean blank = b == ' ' || b == '\t';
              broken |= !blank;
              yield blank ? State.BLANKS : State.PLAIN;
            }
          };
    }
  }
}
