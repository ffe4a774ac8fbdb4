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
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.PythonEnvironment;
import swarmformer.data.Failures;
import swarmformer.data.Source;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;

/**
 * Inputs at random, as pyarrow, pandas, DuckDB and polars write them: every row comes out, or the
 * input is refused in a line. {@code -Drandom.inputs} says how many, {@code -Drandom.seed} which.
 */
@Tag("long")
class RandomInputsIT {
  private static final Path HOME = Path.of(System.getProperty("swarmformer.home", ""));

  private static final List<String> WORDS =
      List.of(
          "good",
          "naïve",
          "🎬",
          "say \"no\"",
          "a,b",
          "tab\there",
          "'",
          "\\",
          "#",
          "{}",
          "line\nbreak");

  @TempDir private Path folder;

  @Test
  void noRowIsLost() throws Exception {
    int count = Integer.getInteger("random.inputs", 500);
    int seed = Integer.getInteger("random.seed", 1);
    Path list = folder.resolve("inputs.jsonl");
    run(
        list,
        PythonEnvironment.of(
                HOME,
                "random-inputs-venv",
                "pyarrow==26.0.1",
                "pandas==3.1.1",
                "duckdb==2.0.1",
                "polars==2.1.0")
            .resolve("python")
            .toString(),
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

  /**
   * What Spark writes with the settings that people take, and a few rows that are hard to write.
   */
  @Test
  void whatSparkWritesComesOut() {
    Random random = new Random(Integer.getInteger("random.seed", 1));
    List<String> lost = new ArrayList<>();
    for (int number = 0; number < Integer.getInteger("random.inputs", 500) / 5; number++) {
      String format = List.of("parquet", "orc", "csv", "json").get(random.nextInt(4));
      Path path = folder.resolve("spark-" + number);
      List<Row> rows = new ArrayList<>();
      for (int row = random.nextInt(30); row >= 0; row--) {
        rows.add(RowFactory.create((long) row, text(random), row % 3));
      }
      DataFrameWriter<Row> writer =
          LocalSpark.session()
              .createDataFrame(rows, StructType.fromDDL("id BIGINT, text STRING, part INT"))
              .repartition(1 + random.nextInt(3))
              .write()
              .option("header", true)
              .option(
                  "compression",
                  random.nextBoolean() ? "none" : format.equals("orc") ? "zlib" : "gzip");
      (random.nextBoolean() ? writer.partitionBy("part") : writer)
          .format(format)
          .save(path.toString());
      JsonNode input =
          new ObjectMapper()
              .createObjectNode()
              .put("input", path.toString())
              .put("rows", rows.size())
              .set(
                  "texts",
                  new ObjectMapper()
                      .valueToTree(
                          rows.stream()
                              .map(row -> Objects.toString(row.get(1), ""))
                              .sorted()
                              .toList()));
      outcome(input).map(text -> format + " " + text).ifPresent(lost::add);
    }
    assertThat(lost).isEmpty();
  }

  private static String text(Random random) {
    return random.nextInt(9) == 0
        ? null
        : random
            .ints(1 + random.nextInt(9), 0, WORDS.size())
            .mapToObj(WORDS::get)
            .collect(Collectors.joining(" "));
  }

  /**
   * Nothing if all rows came out, else what happened instead. Spark doubles a backslash in quotes,
   * which a file without escaped quotes does not show: two count as one here.
   */
  private static Optional<String> outcome(JsonNode input) {
    String path = input.get("input").asText();
    try {
      Texts texts =
          Texts.read(
              LocalSpark.session(), Source.of(path).source(), List.of("negative", "positive"));
      List<String> read = new ArrayList<>();
      for (Row row : texts.rows().select(Texts.CONTENT).collectAsList()) {
        read.add(row.isNullAt(0) ? "" : row.getString(0).replace("\\\\", "\\"));
      }
      boolean all =
          read.size() == input.get("rows").asInt()
              && texts.counts().rows() == read.size()
              && (input.get("texts").isNull() || sorted(read).equals(strings(input.get("texts"))));
      return all
          ? Optional.empty()
          : Optional.of(
              "%s: %d of %s rows, %s instead of %s"
                  .formatted(
                      path, read.size(), input.get("rows"), sorted(read), input.get("texts")));
    } catch (Exception e) { // what a job does with what Spark throws
      RuntimeException explained = Failures.ofReading(path, e);
      boolean line =
          explained instanceof InputException && explained.getMessage().lines().count() == 1;
      return Optional.of((line ? "refused " : "") + path + ": " + explained);
    }
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

  private static void run(Path output, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
