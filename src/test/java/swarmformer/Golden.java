package swarmformer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;

/** What the reference implementation gave for the same input. */
public final class Golden {
  /**
   * Directory of golden data that is not ours to publish; tests that need it are skipped without.
   */
  private static final String EXTERNAL = "SWARMFORMER_GOLDEN";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Golden() {}

  /** A file in the repository. */
  public static Path file(String name) {
    return Path.of("src/test/resources/golden", name);
  }

  /** A file of the golden data outside the repository; skips the test where there is none. */
  public static Path external(String name) {
    Optional<Path> file =
        Optional.ofNullable(System.getenv(EXTERNAL))
            .map(folder -> Path.of(folder, name))
            .filter(Files::exists);
    assumeTrue(file.isPresent(), "needs the external golden data");
    return file.get();
  }

  /** Reads the files of a model from its directory. */
  public static ModelFiles model(Path folder) {
    try {
      return ModelFiles.of(
          folder.toString(),
          Files.readAllBytes(folder.resolve("config.json")),
          Files.readAllBytes(folder.resolve("model.safetensors")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a model from its directory. */
  public static Checkpoint checkpoint(Path folder) {
    return Checkpoint.parse(model(folder));
  }

  /** Reads JSON. */
  public static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a file of one JSON value a line. */
  public static List<JsonNode> lines(Path file) {
    try {
      return JSON.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a list of token ids. */
  public static int[] ids(JsonNode array) {
    return JSON.convertValue(array, int[].class);
  }

  /** Reads logits. */
  public static double[] logits(JsonNode array) {
    return JSON.convertValue(array, double[].class);
  }
}
