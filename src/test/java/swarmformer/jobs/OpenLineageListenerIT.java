package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A night beside OpenLineage's own listener for Spark. */
@Tag("long")
final class OpenLineageListenerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LISTENER = "io.openlineage:openlineage-spark_2.13:1.53.0";

  @TempDir private Path folder;

  /**
   * Both name the input alike, so that a server joins their graphs. Only the job's own event names
   * the store: the listener sees the files that become it.
   */
  @Test
  void namesTheInputAsTheListenerDoesAndTheStoreThatItDoesNotSee() throws Exception {
    Path input = folder.resolve("reviews.csv");
    Files.writeString(input, "id,text\na,A wonderful film.\nb,Dull and far too long.\n");
    Path store = folder.resolve("store");
    Path own = folder.resolve("own.json");
    Path listened = folder.resolve("listener.json");
    Script.in(folder)
        .run(
            "score-nightly",
            "--input",
            input.toString(),
            "--date",
            "2026-11-01",
            "--store",
            store.toString(),
            "--lineage",
            own.toString(),
            "--",
            "--packages",
            LISTENER,
            "--conf",
            "spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener",
            "--conf",
            "spark.openlineage.transport.type=file",
            "--conf",
            "spark.openlineage.transport.location=" + listened)
        .assertDone();
    JsonNode event = events(own).get(0);
    JsonNode read = event.at("/inputs/0");
    List<JsonNode> events = events(listened);
    assertThat(events)
        .anySatisfy(
            other -> {
              assertThat(other.at("/inputs/0/namespace")).isEqualTo(read.get("namespace"));
              assertThat(other.at("/inputs/0/name")).isEqualTo(read.get("name"));
            });
    String written = event.at("/outputs/0/name").asText();
    assertThat(written).isEqualTo(store + "/predictions");
    assertThat(events)
        .noneMatch(other -> other.at("/outputs/0/name").asText().equals(written))
        .anyMatch(other -> other.at("/outputs/0/name").asText().startsWith(store + "/_staging/"));
  }

  private static List<JsonNode> events(Path file) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(JSON.readTree(line));
    }
    return events;
  }
}
