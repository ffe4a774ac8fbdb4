package swarmformer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.InputException;

/**
 * {@code OUTPUT/run=ID/run.json}: a complete run. A run without it does not exist.
 *
 * @param run the id that it was written under
 * @param application id of the Spark application that wrote it
 * @param token random, another one for each publication of the run
 * @param data directory of its datasets, relative to {@code OUTPUT}; null if it is the one of this
 *     file
 */
public record RunRecord(String run, String application, String token, String data) {
  /** Its name. */
  public static final String FILE = "run.json";

  private static final Logger LOG = LoggerFactory.getLogger(RunRecord.class);
  private static final int MAX_ATTEMPTS = 3;

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Reads the record of a run; empty if there is no such run. */
  static Optional<RunRecord> read(FileSystem files, Path run) throws IOException {
    for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return readOnce(files, run);
      } catch (PathIOException e) { // S3A: it was replaced between its status and its content
        LOG.info("{} is read again: {}", run, e.getMessage());
      }
    }
    return readOnce(files, run);
  }

  private static Optional<RunRecord> readOnce(FileSystem files, Path run) throws IOException {
    try (InputStream in = files.open(new Path(run, FILE))) {
      return Optional.of(JSON.readValue(in.readAllBytes(), RunRecord.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new InputException(
          "Cannot read %s: it is not the record of a run (%s). Restore it, or score again with --overwrite."
              .formatted(new Path(run, FILE), e.getOriginalMessage()),
          e);
    }
  }

  byte[] toJson() throws IOException {
    return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
