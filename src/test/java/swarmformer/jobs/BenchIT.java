package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import swarmformer.errors.ErrorCode;

final class BenchIT {
  @Test
  void endsWithOneLineOfJson() throws IOException {
    Ran ran =
        Ran.locally(
            new Bench(),
            "--input=samples/reviews.csv",
            "--limit=40",
            "--runs=1",
            "--threads=2",
            "--dtype=float32",
            "--spark",
            "--json");
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.get(0)).startsWith("40 texts (").endsWith("2 threads, small-imdb, float32");
    assertThat(ran.out()).contains("The job takes ");
    JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(json.get("texts").asInt()).isEqualTo(40);
    assertThat(json.get("threads").asInt()).isEqualTo(2);
    assertThat(json.get("dtype").asText()).isEqualTo("float32");
    for (String rate :
        List.of(
            "tokenise_per_s",
            "model_per_s",
            "end_to_end_per_s",
            "gflops",
            "matmul_gflops",
            "job_seconds")) {
      assertThat(json.get(rate).asDouble()).as(rate).isPositive();
    }
  }

  @Test
  void refusesAModelWithoutTheWholeVocabulary() {
    Ran ran =
        Ran.locally(
            new Bench(), "--input=samples/reviews.csv", "--model=src/test/resources/golden/tiny/a");
    assertThat(ran.code()).isEqualTo(ErrorCode.MODEL.exitCode());
    assertThat(ran.err())
        .contains(
            "Cannot measure with model src/test/resources/golden/tiny/a: its vocab_size is 60, and the ids of texts go up to 30521. Set --model to one with the whole vocabulary.");
  }
}
