package swarmformer.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import swarmformer.errors.InputException;

/**
 * Looks at the quotes of CSV files whose records may have several lines: how they are escaped, and
 * whether one is never closed. Spark takes all lines behind such a quote for one text, up to the
 * next quote or the end of the file.
 *
 * @param separator of columns
 * @param quote what quotes values
 * @param escape what escapes a quote inside quotes
 */
record CsvQuotes(byte separator, byte quote, byte escape) implements Serializable {
  /** More files, or bytes, are read by the executors. */
  private static final int MOST_FILES_ON_DRIVER = 16;

  private static final long MOST_BYTES_ON_DRIVER = 16L << 20;
  private static final int MOST_TASKS = 10_000;
  private static final int CHUNK = 64 << 10;

  /** The quotes that Spark's reader looks for; absent if it is told of more than is known here. */
  static Optional<CsvQuotes> of(Map<String, String> options) {
    String separator = ReadOptions.get(options, "sep").replace("\\t", "\t");
    String quote = ReadOptions.has(options, "quote") ? ReadOptions.get(options, "quote") : "\"";
    String escape = ReadOptions.get(options, "escape");
    String encoding = ReadOptions.get(options, "encoding").toUpperCase(Locale.ROOT);
    boolean known =
        isAscii(separator)
            && isAscii(quote)
            && isAscii(escape)
            && !encoding.matches("UTF-?(16|32).*")
            && ReadOptions.get(options, "comment").isEmpty();
    return known
        ? Optional.of(
            new CsvQuotes(
                (byte) separator.charAt(0), (byte) quote.charAt(0), (byte) escape.charAt(0)))
        : Optional.empty();
  }

  private static boolean isAscii(String option) {
    return option.length() == 1 && option.charAt(0) < 0x80;
  }

  /**
   * The quotes of a file.
   *
   * @param path of the file
   * @param unclosed line where a quote opens that is never closed; null if there is none
   * @param escapes how quotes inside quotes are escaped
   */
  record Found(String path, Long unclosed, CsvEscapes escapes) implements Serializable {
    void check() {
      if (unclosed != null) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "Cannot read %s: the quote that opens in line %d is never closed, and the lines behind it would become one text. Close it; if no text has a line break, set --option multiLine=false, and if no value is quoted, --option quote=.",
                path,
                unclosed));
      }
    }
  }

  /** Reads the files. */
  List<Found> read(SparkSession spark, List<FileStatus> files) {
    List<String> paths = files.stream().map(file -> file.getPath().toString()).toList();
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    long bytes = files.stream().mapToLong(FileStatus::getLen).sum();
    return paths.size() <= MOST_FILES_ON_DRIVER && bytes <= MOST_BYTES_ON_DRIVER
        ? paths.stream().map(path -> read(path, hadoop.value())).toList()
        : JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(paths, Math.min(paths.size(), MOST_TASKS))
            .map(path -> read(path, hadoop.value()))
            .collect();
  }

  private Found read(String name, Configuration hadoop) {
    Path path = new Path(name);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    CsvEscapes escapes = new CsvEscapes(separator, quote);
    try (InputStream file = path.getFileSystem(hadoop).open(path);
        InputStream in = codec == null ? file : codec.createInputStream(file)) {
      return new Found(name, unclosed(in, escapes).orElse(null), escapes);
    } catch (IOException e) {
      throw Failures.ofReadingFile(name, e);
    }
  }

  private enum State {
    START_OF_VALUE,
    PLAIN,
    QUOTED,
    /** Behind a quote that closes a value, or is the first of two. */
    QUOTE,
    /** Behind blanks behind a quote. */
    BLANKS,
    /**
     * Behind a quote that is not escaped, in a value of several lines, which then ends as a plain
     * one.
     */
    UNESCAPED
  }

  /**
   * The line where a quote opens that is never closed.
   *
   * @param escapes is shown all bytes
   */
  Optional<Long> unclosed(InputStream in, CsvEscapes escapes) throws IOException {
    Optional<Long> found = Optional.empty();
    State state = State.START_OF_VALUE;
    long line = 1;
    long opened = 0;
    boolean opensAgain = false; // the last quote stands where one opens
    boolean paired = false; // the quotes of the value so far are even in number
    boolean escaped = false;
    byte before = '\n';
    byte[] chunk = in.readNBytes(CHUNK);
    while (chunk.length > 0) {
      for (byte b : chunk) {
        escapes.see(b);
        if (found.isPresent()) {
          continue;
        }
        boolean ends = b == separator || b == '\n' || b == '\r';
        switch (state) {
          case START_OF_VALUE -> {
            opened = line;
            state = b == quote ? State.QUOTED : ends ? state : State.PLAIN;
          }
          case PLAIN -> state = ends ? State.START_OF_VALUE : state;
          case QUOTED -> {
            if (b == quote && !escaped) {
              opensAgain = before == separator || before == '\n' || before == '\r';
              state = State.QUOTE;
            }
            escaped = !escaped && b == escape && escape != quote;
          }
          case QUOTE, BLANKS -> {
            if (b == quote && escape == quote && state == State.QUOTE) {
              state = State.QUOTED;
            } else if (ends) {
              state = State.START_OF_VALUE;
            } else if (b == ' ' || b == '\t') {
              state = State.BLANKS;
            } else if (opened == line) {
              state = State.PLAIN; // as Spark reads a quote that is not escaped
            } else if (opensAgain) {
              found = Optional.of(opened);
            } else {
              state = State.UNESCAPED;
              paired = true;
            }
          }
          case UNESCAPED -> {
            if (ends && !paired) {
              found = Optional.of(opened);
            }
            paired ^= b == quote;
            state = ends ? State.START_OF_VALUE : state;
          }
        }
        line += b == '\n' || (before == '\r' && b != '\n') ? 1 : 0;
        before = b;
      }
      chunk = in.readNBytes(CHUNK);
    }
    boolean open = state == State.QUOTED || (state == State.UNESCAPED && !paired);
    return found.isEmpty() && open ? Optional.of(opened) : found;
  }
}
