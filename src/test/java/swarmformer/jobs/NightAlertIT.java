package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.jobs.Nights.input;
import static swarmformer.jobs.Nights.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.errors.ErrorCode;

/** Who is told of a night that needs a person: a real server on this machine, and the shell. */
class NightAlertIT {
  private static final String FIRST = "2026-11-01";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void postsANightWhoseGateHasClosedAndKeepsTheAddressSecret() throws IOException {
    List<String> received = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/services/T0S3CRET",
        exchange -> {
          received.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(
                      exchange.getRequestBody().readAllBytes(),
                      java.nio.charset.StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(received.size() == 1 ? 204 : 503, -1);
          exchange.close();
        });
    server.start();
    try {
      Path store = folder.resolve("store");
      String url = "http://localhost:%d/services/T0S3CRET".formatted(server.getAddress().getPort());
      Object[] command = {
        "--input",
        input(folder, "1.csv", "a,"),
        "--date",
        FIRST,
        "--max-error-share",
        "0.5",
        "--alert",
        url
      };
      Ran closed = run(store, command);
      assertThat(closed.code()).isEqualTo(ExitCode.GATE);
      assertThat(closed.err()).isEmpty();
      assertThat(received).singleElement().asString().startsWith("POST application/json {");
      JsonNode night = JSON.readTree(received.get(0).substring(22));
      assertThat(night.get("night").asText()).isEqualTo(FIRST);
      assertThat(night.get("state").asText()).isEqualTo("gate closed");
      assertThat(night.get("exit_code").asInt()).isEqualTo(6);
      assertThat(night.get("findings").get(0).asText())
          .isEqualTo("100.00 % of the rows have no prediction, more than 50.00 %");
      assertThat(night.get("manifest").get("counts").get("rows").asInt()).isEqualTo(1);
      assertThat(Files.readString(store.resolve("predictions/date=2026-11-01/_manifest.json")))
          .contains("--alert '***'")
          .doesNotContain("S3CRET");
      Ran refused = run(store, command);
      assertThat(refused.code()).isEqualTo(ExitCode.GATE);
      assertThat(refused.err())
          .containsExactly(
              "Warning: the alert was not delivered (IOException: the server answered 503). Check --alert.");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void givesANightThatFailedToACommand() throws IOException {
    Path told = folder.resolve("told.json");
    Ran failed =
        run(
            folder.resolve("store"),
            "--input",
            folder.resolve("missing.csv"),
            "--date",
            FIRST,
            "--alert",
            "cat > '%s'".formatted(told));
    assertThat(failed.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(failed.err()).hasSize(1);
    JsonNode night = JSON.readTree(Files.readString(told));
    assertThat(night.get("state").asText()).isEqualTo("failed");
    assertThat(night.get("night").asText()).isEqualTo(FIRST);
    assertThat(night.get("exit_code").asInt()).isEqualTo(3);
    assertThat(night.get("findings").get(0).asText()).isEqualTo(failed.err().get(0));
  }

  @Test
  void isQuietForANightInOrderAndToldWhenTheCommandFails() {
    Path store = folder.resolve("store");
    Path input = input(folder, "1.csv", "a,Good.");
    Path told = folder.resolve("told");
    assertThat(
            run(store, "--input", input, "--date", FIRST, "--alert", "touch '" + told + "'").code())
        .isZero();
    assertThat(told).doesNotExist();
    Ran failed =
        run(
            store,
            "--input",
            input,
            "--date",
            "2026-11-02",
            "--min-rows",
            "2",
            "--alert",
            "exit 4");
    assertThat(failed.code()).isEqualTo(ExitCode.GATE);
    assertThat(failed.err())
        .containsExactly(
            "Warning: the alert was not delivered (IOException: the command ended with exit code 4). Check --alert.");
  }

  /** Nothing listens on this port. */
  @Test
  void tellsOfAMasterThatCannotBeReached() throws IOException {
    Path told = folder.resolve("told.json");
    System.setProperty("spark.master", "spark://127.0.0.1:1");
    try {
      Ran failed = alerted(folder.resolve("store").toString(), told);
      assertThat(failed.code()).isEqualTo(ErrorCode.DEVICE.exitCode());
    } finally {
      System.clearProperty("spark.master");
    }
    assertTold(told, ErrorCode.DEVICE, "Cannot reach the master spark://127.0.0.1:1");
  }

  @Test
  void tellsOfAStoreThatCannotBeOpened() throws IOException {
    Path told = folder.resolve("told.json");
    LocalSpark.session(); // its logs go to the standard error of now
    Ran failed = alerted("nowhere://store", told);
    assertThat(failed.code()).isEqualTo(ErrorCode.OUTPUT.exitCode());
    assertTold(told, ErrorCode.OUTPUT, "nowhere");
  }

  /** Scores a night that alerts a file. */
  private Ran alerted(String store, Path told) {
    return Ran.of(
        new ScoreNightly(),
        "--store",
        store,
        "--input",
        input(folder, "1.csv", "a,Good."),
        "--date",
        FIRST,
        "--alert",
        "cat > '%s'".formatted(told));
  }

  private static void assertTold(Path told, ErrorCode code, String finding) throws IOException {
    JsonNode night = JSON.readTree(Files.readString(told));
    assertThat(night.get("state").asText()).isEqualTo("failed");
    assertThat(night.get("night").asText()).isEqualTo(FIRST);
    assertThat(night.get("exit_code").asInt()).isEqualTo(code.exitCode());
    assertThat(night.get("findings").get(0).asText()).contains(finding);
  }

  /** The command would end well if it were waited for. */
  @Test
  @Tag("long")
  void givesUpACommandThatDoesNotReadWhatNoPipeHolds() {
    StringWriter said = new StringWriter();
    new NightAlert("exec sleep 60", new PrintWriter(said, true))
        .failed(Optional.empty(), new IllegalStateException("x".repeat(1 << 20)));
    assertThat(said)
        .hasToString(
            "Warning: the alert was not delivered (IOException: the command took more than 30 s). Check --alert.\n");
  }
}
