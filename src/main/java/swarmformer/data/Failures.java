package swarmformer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;
import swarmformer.checkpoint.ModelException;
import swarmformer.errors.DeviceException;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;
import swarmformer.errors.SwarmFormerException;

/**
 * Tells failures of files, clusters and options from bugs in what Spark, Hadoop and the JDK throw,
 * and says them in one line. What was thrown on purpose further down stays what it is.
 *
 * <p>Spark's failures are known by their condition, the others by their type. Errors of the
 * operating system reach Java as text alone.
 */
public final class Failures {

  /** What Spark's scheduler says when a task may not be tried again. */
  private static final Pattern LOST_EXECUTOR =
      Pattern.compile(
          "failed (\\d+) times, most recent failure: Lost task .*"
              + "ExecutorLostFailure \\(executor (\\S+) .*\\) Reason: (.*)");

  /** What it says when a task may run nowhere any more, without a cause. */
  private static final Pattern EXCLUDED =
      Pattern.compile(
          "cannot run anywhere due to node and executor excludeOnFailure\\.\\s+Most recent failure:\\s+(.*)",
          Pattern.DOTALL);

  /** How Java writes a failure that was foreseen, and what it says. */
  private static final Pattern FORESEEN =
      Pattern.compile("\\bswarmformer\\.\\w+\\.(\\w+)Exception: ([^\\n]*)");

  /** What explains a failure to read, the most telling first. */
  private static final List<Function<Throwable, String>> READING =
      List.of(
          KnownCauses::known,
          KnownCauses::outOfReach,
          KnownCauses::damaged,
          KnownCauses::refusedBySpark,
          KnownCauses::unreachable);

  private Failures() {}

  /**
   * What to throw for a failure to read.
   *
   * @param source what was being read
   * @return an {@link InputException} that explains it, what was thrown on purpose further down, or
   *     the failure itself if nothing is known of it
   */
  public static RuntimeException ofReading(String source, Throwable failure) {
    Optional<RuntimeException> foreseen =
        foreseen(failure).or(() -> explained("Cannot read " + source + ": ", failure, READING));
    return foreseen.orElseGet(() -> unchecked(failure));
  }

  /** What to throw for a failure at one file of a source, which was found. */
  static RuntimeException ofReadingFile(String file, Throwable failure) {
    String local = file.replaceFirst("^file:/+", "/");
    Optional<String> outside =
        first(failure, KnownCauses::known).or(() -> first(failure, KnownCauses::outOfReach));
    return foreseen(failure)
        .orElseGet(
            () ->
                new InputException(
                    "Cannot read "
                        + local
                        + ": "
                        + outside.orElseGet(
                            () -> KnownCauses.damage(KnownCauses.firstLine(failure))),
                    failure));
  }

  /** What to throw for a failure to read a source, which may be that of a wrong option. */
  static RuntimeException ofReading(TextSource source, Throwable failure) {
    RuntimeException explained = ofReading(source.name(), failure);
    boolean ofOthers = source.format().filter(name -> !TextSource.isOfFiles(name)).isPresent();
    if (explained instanceof SwarmFormerException
        || (source.readerOptions().isEmpty() && !ofOthers)) {
      return explained;
    }
    return chain(failure).stream()
        .filter(
            cause -> cause instanceof IllegalArgumentException || cause instanceof SparkThrowable)
        .reduce((outer, inner) -> inner)
        .<RuntimeException>map(
            refusal ->
                new InputException(
                    "Cannot read %s: %s. Check --option."
                        .formatted(
                            source.name(), KnownCauses.firstLine(refusal).replaceFirst("[.]$", "")),
                    failure))
        .orElse(explained);
  }

  /**
   * What to throw for a failure to write.
   *
   * @param output what was being written
   * @return an {@link OutputException} that explains it, or what {@link #ofReading} makes of it
   */
  public static RuntimeException ofWriting(String output, Throwable failure) {
    return ofWriting(output, output, failure);
  }

  /**
   * What to throw for a failure while something is read and written at once.
   *
   * @param output what was being written
   * @param input what was being read, which any other failure is blamed on
   */
  public static RuntimeException ofWriting(String output, String input, Throwable failure) {
    return foreseen(failure)
        .or(() -> explainWriting(output, failure))
        .orElseGet(() -> ofReading(input, failure));
  }

  /** What to throw for a failure to read a table of a store, which may be another one. */
  public static RuntimeException ofReadingTable(String table, Throwable failure) {
    return foreseen(failure)
        .or(
            () ->
                refusal(failure)
                    .map(
                        reason ->
                            new InputException(
                                "Cannot read table %s: %s. Check --store and --store-format."
                                    .formatted(table, reason),
                                failure)))
        .orElseGet(() -> ofReading(table, failure));
  }

  /** What to throw for a failure to commit to a table of a store, which may refuse it. */
  public static RuntimeException ofCommit(String table, Throwable failure) {
    return foreseen(failure)
        .or(() -> explainWriting(table, failure))
        .or(
            () ->
                refusal(failure)
                    .map(
                        reason ->
                            new OutputException(
                                "Cannot write to table %s: %s. Check --store, and the table."
                                    .formatted(table, reason),
                                failure)))
        .orElseGet(() -> ofReading(table, failure));
  }

  /** What Spark or a table format says that it does not do; empty if a file is damaged. */
  private static Optional<String> refusal(Throwable failure) {
    return isOfReading(failure)
        ? Optional.empty()
        : first(failure, KnownCauses::refusal).map(reason -> reason.replaceFirst("[.]$", ""));
  }

  /** Explains a failure to write; empty if it is none of the usual ones. */
  public static Optional<OutputException> explainWriting(String output, Throwable failure) {
    return refusalToWrite(failure)
        .map(reason -> new OutputException("Cannot write to " + output + ": " + reason, failure));
  }

  /**
   * What to report for a failure that nobody has explained where it was thrown: that executors died
   * at each attempt of a task, or that a file is damaged or out of reach.
   *
   * @return the failure itself if it may be a bug
   */
  public static Exception ofProgram(Exception failure) {
    return foreseen(failure)
        .or(
            () ->
                first(failure, Failures::lostExecutor).map(it -> new DeviceException(it, failure)))
        .or(
            () ->
                refusalToWrite(failure)
                    .map(it -> new OutputException("Cannot finish: " + it, failure)))
        .or(
            () ->
                isOfReading(failure)
                    ? explained("Cannot finish: ", failure, READING)
                    : first(failure, KnownCauses::damaged)
                        .map(it -> new InputException("Cannot finish: " + it, failure)))
        .or(() -> first(failure, Failures::excluded).map(it -> new DeviceException(it, failure)))
        .map(Exception.class::cast)
        .orElse(failure);
  }

  /** Why something was not written; empty if it is something that was being read. */
  private static Optional<String> refusalToWrite(Throwable failure) {
    return isOfReading(failure) ? Optional.empty() : first(failure, KnownCauses::refusedWriting);
  }

  private static boolean isOfReading(Throwable failure) {
    return chain(failure).stream().anyMatch(cause -> KnownCauses.isOfReading(cause));
  }

  /** Whether a connection to a file system broke, which says nothing of the file. */
  public static boolean isOfConnection(Throwable cause) {
    return KnownCauses.isOfConnection(cause);
  }

  /** A failure and its causes, outermost first. */
  public static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  /** What was thrown on purpose, if only as text by a task that may run nowhere any more. */
  private static Optional<RuntimeException> foreseen(Throwable failure) {
    return chain(failure).stream()
        .filter(SwarmFormerException.class::isInstance)
        .map(RuntimeException.class::cast)
        .findFirst()
        .or(
            () ->
                chain(failure).stream()
                    .flatMap(cause -> mostRecentFailure(cause).stream())
                    .flatMap(text -> FORESEEN.matcher(text).results())
                    .findFirst()
                    .map(told -> foreseen(told.group(1), told.group(2), failure)));
  }

  private static RuntimeException foreseen(String kind, String message, Throwable failure) {
    return switch (kind) {
      case "Input" -> new InputException(message, failure);
      case "Output" -> new OutputException(message, failure);
      case "Model" -> new ModelException(message, failure);
      default -> new DeviceException(message, failure);
    };
  }

  private static Optional<RuntimeException> explained(
      String beginning, Throwable failure, List<Function<Throwable, String>> kinds) {
    return kinds.stream()
        .flatMap(kind -> first(failure, kind).stream())
        .findFirst()
        .map(reason -> new InputException(beginning + reason, failure));
  }

  /** What the first cause says that the function knows. */
  private static Optional<String> first(Throwable failure, Function<Throwable, String> kind) {
    return chain(failure).stream()
        .flatMap(cause -> Optional.ofNullable(kind.apply(cause)).stream())
        .findFirst();
  }

  private static RuntimeException unchecked(Throwable failure) {
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  private static String lostExecutor(Throwable cause) {
    Matcher lost = LOST_EXECUTOR.matcher(String.valueOf(cause.getMessage()));
    return lost.find()
        ? "Cannot finish: an executor died at each of %s attempts of a task, at last executor %s (%s). If memory ran out, raise spark.executor.memoryOverhead; the log of that executor may tell more."
            .formatted(lost.group(1), lost.group(2), lost.group(3).strip().replaceFirst("\\.$", ""))
        : null;
  }

  /** What a task failed with on every host that it may run on. */
  private static String excluded(Throwable cause) {
    return mostRecentFailure(cause)
        .map(
            text ->
                "Cannot finish: a task failed on every host that it may run on, at last with: "
                    + text.lines().findFirst().orElse(""))
        .orElse(null);
  }

  private static Optional<String> mostRecentFailure(Throwable cause) {
    Matcher excluded = EXCLUDED.matcher(String.valueOf(cause.getMessage()));
    return excluded.find() ? Optional.of(excluded.group(1).strip()) : Optional.empty();
  }
}
