package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.data.Failures;
import swarmformer.data.TextSource;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;

/**
 * Inputs at random, as pyarrow, pandas, DuckDB and polars write them: every row comes out, or the
 * input is refused in a line. {@code -Drandom.inputs} says how many, {@code -Drandom.seed} which.
 */
@Tag("long")
class RandomInputsIT {
  private static final Path HOME = Path.of(System.getProperty("swarmformer.home", ""));
  private static final String PACKAGES =
      "pyarrow==26.0.1 pandas==3.1.1 duckdb==2.0.1 polars==2.1.0";

  @TempDir private Path folder;

  @Test
  void noRowIsLost() throws Exception {
    int count = Integer.getInteger("random.inputs", 500);
    int seed = Integer.getInteger("random.seed", 1);
    Path list = folder.resolve("inputs.jsonl");
    run(
        list,
        python().toString(),
        HOME.resolve("src/test/python/random_inputs.py").toString(),
        Files.createDirectory(folder.resolve("inputs")).toString(),
        String.valueOf(count),
        String.valueOf(seed));
    List<String> lost = new ArrayList<>();
    int read = 0;
    for (String line : Files.readAllLines(list)) {
      JsonNode input = new ObjectMapper().readTree(line);
      Optional<String> outcome = outcome(input);
      read += outcome.isEmpty() ? 1 : 0;
      outcome.filter(text -> !text.startsWith("refused")).ifPresent(lost::add);
    }
    assertThat(lost).isEmpty();
    assertThat(read).isGreaterThan(count / 3); // names, nestings and compressions refuse many
  }

  /** Nothing if all rows came out, else what happened instead. */
  private static Optional<String> outcome(JsonNode input) {
    String path = input.get("input").asText();
    try {
      Texts texts = Texts.read(LocalSpark.session(), source(path), List.of("negative", "positive"));
      List<String> read = new ArrayList<>();
      for (Row row : texts.rows().select(Texts.CONTENT).collectAsList()) {
        read.add(row.isNullAt(0) ? "" : row.getString(0));
      }
      boolean all =
          read.size() == input.get("rows").asInt()
              && texts.counts().rows() == read.size()
              && (input.get("texts").isNull() || sorted(read).equals(strings(input.get("texts"))));
      return all
          ? Optional.empty()
          : Optional.of("%s: %s of %s rows".formatted(path, read.size(), input.get("rows")));
    } catch (Exception e) { // what a job does with what Spark throws
      RuntimeException explained = Failures.ofReading(path, e);
      boolean line =
          explained instanceof InputException && explained.getMessage().lines().count() == 1;
      return Optional.of((line ? "refused " : "") + path + ": " + explained);
    }
  }

  private static TextSource source(String path) {
    return new TextSource(
        List.of(path),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(text -> strings.add(text.asText()));
    return sorted(strings);
  }

  private static List<String> sorted(List<String> strings) {
    Collections.sort(strings);
    return strings;
  }

  /** A Python with what writes the inputs, made once. */
  private Path python() throws IOException, InterruptedException {
    Path home = HOME.resolve("target/random-inputs-venv").toAbsolutePath();
    Path python = home.resolve("bin/python");
    Path log = folder.resolve("python.log");
    if (!Files.exists(home.resolve("complete"))) {
      run(log, "python3", "-m", "venv", home.toString());
      List<String> install =
          new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "--quiet"));
      install.addAll(List.of(PACKAGES.split(" ")));
      run(log, install.toArray(String[]::new));
      Files.createFile(home.resolve("complete"));
    }
    return python;
  }

  private static void run(Path output, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
