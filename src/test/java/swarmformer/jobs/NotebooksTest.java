package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The notebooks as they lie in the repository, with the outputs that were saved. */
class NotebooksTest {
  private static final int MOST_BYTES = 300_000;

  @ParameterizedTest
  @ValueSource(strings = {"evaluation", "nightly", "pyspark"})
  void keepsTheOutputOfEachCell(String name) throws IOException {
    List<Integer> order = new ArrayList<>();
    for (JsonNode cell : new ObjectMapper().readTree(text(name)).get("cells")) {
      if (cell.get("cell_type").asText().equals("code")) {
        order.add(cell.get("execution_count").asInt());
        assertThat(cell.get("outputs")).as(cell.get("source").toString()).isNotEmpty();
        assertThat(cell.get("outputs").findValuesAsText("name")).doesNotContain("stderr");
        assertThat(cell.get("outputs").findValuesAsText("output_type")).doesNotContain("error");
      }
    }
    assertThat(order).hasSizeGreaterThan(8).isSorted().doesNotHaveDuplicates().startsWith(1);
    assertThat(order).endsWith(order.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluation", "nightly", "pyspark"})
  void saysNothingOfTheMachine(String name) throws IOException {
    assertThat(text(name))
        .hasSizeLessThan(MOST_BYTES)
        .contains("image/png")
        .doesNotContainPattern("[\\s\"'=:(]/(tmp|home|root|work|opt|var|usr|mnt|Users)/")
        .doesNotContainPattern("(?i)localhost|file:/|[A-Z]:\\\\\\\\Users")
        .doesNotContain(Script.projectHome().toString());
  }

  private static String text(String name) throws IOException {
    Path notebook = Script.projectHome().resolve("notebooks").resolve(name + ".ipynb");
    return Files.readString(notebook);
  }
}
