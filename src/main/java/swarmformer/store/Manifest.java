package swarmformer.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a night is made of and what came of it, for the record.
 *
 * @param date the night, as in {@code 2026-11-01}
 * @param transaction number of this publication of the night; a later one has a greater number
 * @param started when the job that published it began
 * @param published when all was ready to be published
 * @param application id of the Spark application that published it
 * @param command what was typed
 * @param input what was read
 * @param model what scored
 * @param jar SHA-256 of this project's jar; null when it runs from classes
 * @param versions of this project, Java, Spark, DJL and libtorch
 * @param counts of the rows
 * @param speed of what was computed by the job that published it
 * @param distribution of scores, lengths and unknown tokens
 * @param drift from the baseline; null without one
 * @param warnings reasons of the gates that closed; empty if none did
 * @param digest of the rows
 * @param files what holds the rows, if the store is of plain files
 * @param acknowledged who has seen the gates that closed; null if nobody has
 * @param deletions of rows since it was published, the latest last
 * @param estimate of the accuracy; null without scored rows, or if the version that wrote it did
 *     not estimate
 */
public record Manifest(
    String date,
    long transaction,
    String started,
    String published,
    String application,
    String command,
    Input input,
    Model model,
    String jar,
    Map<String, String> versions,
    Counts counts,
    Speed speed,
    Drift.Distribution distribution,
    Drift drift,
    List<String> warnings,
    Digest digest,
    List<DataFile> files,
    Acknowledgement acknowledged,
    List<Deletion> deletions,
    Estimate estimate) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Versions that deleted nothing have not written it. */
  public Manifest {
    deletions = deletions == null ? List.of() : List.copyOf(deletions);
  }

  /**
   * What was read.
   *
   * @param source as the user called it
   * @param listing SHA-256 over path, size and time of all files
   * @param bytes size of all files
   * @param fileCount number of files; 0 for a table that is none
   * @param files the first of them
   */
  public record Input(
      String source, String listing, long bytes, int fileCount, List<InputFile> files) {}

  /** A file that was read, and when it was last modified. */
  public record InputFile(String path, long bytes, String modified) {}

  /**
   * What scored.
   *
   * @param name as the user called it
   * @param sha256 of its weights
   * @param configSha256 of its config.json and the tokenizer
   * @param tokenizerSha256 of the tokenizer alone
   * @param parameters number of its weights
   * @param dtype number format of the computation
   * @param config its config.json
   */
  public record Model(
      String name,
      String sha256,
      String configSha256,
      String tokenizerSha256,
      long parameters,
      String dtype,
      String config) {}

  /**
   * The rows of the night.
   *
   * @param rows all
   * @param reused copied from an earlier night
   * @param computed scored now: {@code rows - reused}
   * @param fresh computed rows whose id this model had not scored
   * @param changed computed rows whose id this model had scored with another text
   * @param repeatedIds rows beyond the first of their id in this night
   * @param undated rows of the input that belong to no night
   * @param scored rows with a prediction
   * @param truncated rows whose text was cut
   * @param tokens token ids of the scored rows
   * @param errors rows without a prediction by kind
   * @param bySentiment scored rows by class
   */
  public record Counts(
      long rows,
      long reused,
      long computed,
      long fresh,
      long changed,
      long repeatedIds,
      long undated,
      long scored,
      long truncated,
      long tokens,
      Map<String, Long> errors,
      Map<String, Long> bySentiment) {}

  /**
   * How long it took.
   *
   * @param totalMs the whole job
   * @param scoreMs scoring by this job, without the chunks that an earlier one left
   * @param scoredHere rows that this job scored
   * @param batchMeanMs mean latency of a batch; null if none ran
   * @param batchP50Ms median latency; null if none ran, or if the version that wrote it did not
   *     tell
   * @param batchP95Ms latency that 95 of 100 batches do not exceed; null if none ran
   */
  public record Speed(
      long totalMs,
      long scoreMs,
      long scoredHere,
      Double batchMeanMs,
      Double batchP50Ms,
      Double batchP95Ms) {}

  /** A file of the store. */
  public record DataFile(String name, long bytes, String sha256) {}

  /** That somebody has seen the gates that closed: when, and the command that said so. */
  public record Acknowledgement(String time, String command) {}

  /** That rows were deleted: when, how many, and the command that said so. */
  public record Deletion(String time, long rows, String command) {}

  /**
   * What is told of the rows of a night.
   *
   * @param counts of them
   * @param distribution of scores, lengths and unknown tokens
   * @param digest of them
   * @param estimate of the accuracy; null if there is none
   */
  public record Contents(
      Counts counts, Drift.Distribution distribution, Digest digest, Estimate estimate) {}

  /**
   * The accuracy that the model's own probabilities let expect.
   *
   * @param accuracy share of right predictions, 0 to 1
   * @param temperature what logits were divided by for calibrated probabilities
   */
  public record Estimate(double accuracy, double temperature) {}

  /** Whether a gate has closed that nobody has acknowledged. */
  public boolean needsAcknowledgement() {
    return !warnings.isEmpty() && acknowledged == null;
  }

  /** Reads what {@link #toJson} or {@link #write} wrote. */
  public static Manifest parse(String json) {
    return read(json, Manifest.class);
  }

  /** Reads a record. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** Writes a record for people. */
  public static String write(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Writes a record on one line. */
  public static String writeLine(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** On one line. */
  String toJson() {
    return writeLine(this);
  }

  /** With the files that hold the rows. */
  Manifest withFiles(List<DataFile> found) {
    return with(transaction, contents(), found, acknowledged, deletions);
  }

  /** Of a later publication, which acknowledges the gates that closed. */
  public Manifest withAcknowledgement(Acknowledgement seen) {
    return with(later(), contents(), files, seen, deletions);
  }

  /** Of a later publication, which lacks some rows. What the night was judged by stays. */
  public Manifest without(Deletion deleted, Contents left) {
    List<Deletion> all = Stream.concat(deletions.stream(), Stream.of(deleted)).toList();
    return with(later(), left, files, acknowledged, all);
  }

  private Contents contents() {
    return new Contents(counts, distribution, digest, estimate);
  }

  /** The number of a publication after this one, whatever this machine's clock says. */
  public long later() {
    return Math.max(System.currentTimeMillis(), transaction + 1);
  }

  private Manifest with(
      long number,
      Contents contents,
      List<DataFile> found,
      Acknowledgement seen,
      List<Deletion> deleted) {
    return new Manifest(
        date,
        number,
        started,
        published,
        application,
        command,
        input,
        model,
        jar,
        versions,
        contents.counts(),
        speed,
        contents.distribution(),
        drift,
        warnings,
        contents.digest(),
        found,
        seen,
        deleted,
        contents.estimate());
  }
}
