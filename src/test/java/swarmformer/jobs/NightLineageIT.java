package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.jobs.Nights.input;
import static swarmformer.jobs.Nights.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineageClientUtils;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

/** What OpenLineage hears of nights. */
class NightLineageIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void tellsWhatWasReadWithWhichModelAndWhatCameOfIt() throws IOException {
    Path events = folder.resolve("events.json");
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,A wonderful film.", "b,");
    Object[] command = {"--input", input, "--date", "2026-11-01", "--lineage", events};
    assertThat(run(store, command).code()).isZero();
    assertThat(run(store, command).code()).as("nothing was done").isZero();
    JsonNode event = JSON.readTree(Files.readAllLines(events).get(0));
    assertThat(Files.readAllLines(events)).hasSize(1);
    assertThat(event.get("eventType").asText()).isEqualTo("COMPLETE");
    assertThat(event.get("schemaURL").asText())
        .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    String id = event.at("/run/runId").asText();
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(event.at("/run/facets/nominalTime/nominalStartTime").asText())
        .isEqualTo("2026-11-01T00:00:00Z");
    assertThat(event.at("/inputs/0/namespace").asText()).isEqualTo("file");
    assertThat(event.at("/inputs/0/name").asText()).isEqualTo(input.toString());
    assertThat(event.at("/inputs/1/name").asText()).isEqualTo("model/small-imdb");
    assertThat(event.at("/inputs/1/facets/version/datasetVersion").asText()).hasSize(64);
    JsonNode output = event.at("/outputs/0");
    assertThat(output.get("name").asText()).isEqualTo(store + "/predictions");
    assertThat(output.at("/outputFacets/outputStatistics/rowCount").asLong()).isEqualTo(2);
    assertThat(output.at("/facets/schema/fields"))
        .contains(JSON.readTree("{\"name\":\"prediction\",\"type\":\"int\"}"));
    JsonNode lineage = output.at("/facets/columnLineage/fields");
    assertThat(lineage.at("/sentiment/inputFields/0/name").asText()).isEqualTo(input.toString());
    assertThat(lineage.at("/sentiment/inputFields/0/field").asText()).isEqualTo("text");
    assertThat(lineage.at("/sentiment/inputFields/1/name").asText()).isEqualTo("model/small-imdb");
    assertThat(lineage.at("/id/inputFields/0/field").asText()).isEqualTo("id");
    assertThat(lineage.has("scored_at")).isFalse();
    readsAsOpenLineagesOwn(Files.readAllLines(events).get(0), input);
    aNightThatFailsIsToldToo(store, events);
  }

  private static void readsAsOpenLineagesOwn(String line, Path input) {
    OpenLineage.RunEvent event = OpenLineageClientUtils.runEventFromJson(line);
    assertThat(event.getEventType()).isEqualTo(OpenLineage.RunEvent.EventType.COMPLETE);
    assertThat(event.getInputs().get(0).getName()).isEqualTo(input.toString());
    assertThat(event.getInputs().get(1).getFacets().getVersion().getDatasetVersion()).hasSize(64);
    OpenLineage.OutputDataset output = event.getOutputs().get(0);
    assertThat(output.getOutputFacets().getOutputStatistics().getRowCount()).isEqualTo(2);
    assertThat(
            output
                .getFacets()
                .getColumnLineage()
                .getFields()
                .getAdditionalProperties()
                .get("sentiment")
                .getInputFields())
        .extracting(OpenLineage.InputField::getField)
        .contains("text");
  }

  private void aNightThatFailsIsToldToo(Path store, Path events) throws IOException {
    Ran failed =
        run(
            store,
            "--input",
            folder.resolve("missing.csv"),
            "--date",
            "2026-11-02",
            "--lineage",
            events);
    assertThat(failed.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    JsonNode event = JSON.readTree(Files.readAllLines(events).get(1));
    assertThat(event.get("eventType").asText()).isEqualTo("FAIL");
    assertThat(event.at("/run/facets/errorMessage/message").asText())
        .isEqualTo(failed.err().get(0));
  }

  @Test
  void goesToTheServerOfTheEnvironment() throws IOException {
    List<String> received = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/lineage",
        exchange -> {
          received.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(received.size() == 1 ? 201 : 500, -1);
          exchange.close();
        });
    server.start();
    try {
      StringWriter console = new StringWriter();
      NightLineage lineage =
          NightLineage.of(
                  Optional.empty(),
                  Map.of(
                      "OPENLINEAGE_URL",
                      "http://localhost:" + server.getAddress().getPort() + "/",
                      "OPENLINEAGE_API_KEY",
                      "key"),
                  new PrintWriter(console, true))
              .orElseThrow();
      lineage.emit("{}");
      assertThat(received).containsExactly("Bearer key {}");
      assertThat(console.toString()).isEmpty();
      lineage.emit("{}");
      assertThat(console.toString()).startsWith("Warning: the lineage was not delivered");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void namesPlacesAsOpenLineageDoes() {
    assertThat(LineageEvent.Dataset.ofPath("s3a://bucket/a/b"))
        .isEqualTo(new LineageEvent.Dataset("s3://bucket", "a/b"));
    assertThat(LineageEvent.Dataset.ofPath("hdfs://name:8020/a/b"))
        .isEqualTo(new LineageEvent.Dataset("hdfs://name:8020", "/a/b"));
    assertThat(LineageEvent.Dataset.ofPath("file:///a/b"))
        .isEqualTo(new LineageEvent.Dataset("file", "/a/b"));
  }
}
