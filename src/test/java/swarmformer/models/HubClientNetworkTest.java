package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.models.LoopbackHub.WEIGHTS;
import static swarmformer.models.LoopbackHub.WEIGHTS_PATH;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hub that refuses, breaks off or stays silent. */
class HubClientNetworkTest extends HubClientTestBase {
  private static final String MAIN = LoopbackHub.listingPath("main");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | HF_TOKEN is set but not enough. Check the name, set HF_TOKEN to a token that may read this model and, if it is gated, accept its terms on its page.
          403 | HF_TOKEN is set but not enough. Check the name, set HF_TOKEN to a token that may read this model and, if it is gated, accept its terms on its page.
          404 | There is no model org/tiny with a revision main, or it is private. Check both, or set HF_TOKEN.
          429 | Too many requests. Wait a few minutes or set HF_TOKEN; to use what an earlier run fetched, set HF_HUB_OFFLINE=1 or pin the commit (org/name@commit).
          500 | The hub is in trouble. Run again later; to use what an earlier run fetched, set HF_HUB_OFFLINE=1 or pin the commit (org/name@commit).
          503 | The hub is in trouble. Run again later; to use what an earlier run fetched, set HF_HUB_OFFLINE=1 or pin the commit (org/name@commit).
          418 | This is not an answer of a Hugging Face hub. Check HF_ENDPOINT.
          """)
  void explainsARefusal(int status, String remedy) {
    hub.on(MAIN, exchange -> LoopbackHub.send(exchange, status, new byte[0]));

    assertThatFetchFails()
        .hasMessage(
            "Cannot fetch org/tiny@main: %s answered %d. %s", hub.address() + MAIN, status, remedy);
    assertThat(hub.count(MAIN)).isEqualTo(1);
  }

  @Test
  void saysThatNoTokenIsSet() {
    hub.on(MAIN, exchange -> LoopbackHub.send(exchange, 401, new byte[0]));
    Map<String, String> environment = hub.environment(cache);
    environment.remove("HF_TOKEN");

    assertThatFetchFails(environment).hasMessageContaining("HF_TOKEN is not set.");
  }

  @Test
  void doesNotFallBackToTheCache() {
    fetch("main");
    Map<String, String> environment = hub.environment(cache);
    hub.close();

    assertThatFetchFails(environment)
        .hasMessageContainingAll(
            "Cannot fetch org/tiny@main from " + hub.address() + MAIN,
            "ConnectException: Connection refused",
            "set HF_HUB_OFFLINE=1 or pin the commit (org/name@commit)");
  }

  @Test
  void givesUpOnAServerThatNeverAnswers() {
    hub.on(MAIN, hub::hang);

    assertThatFetchFails()
        .hasMessageContainingAll("nothing came in time", "HF_HUB_DOWNLOAD_TIMEOUT, 1 s");
    assertThat(hub.count(MAIN)).isEqualTo(1);
  }

  @Test
  void givesUpOnABodyThatStalls() throws IOException {
    hub.on(WEIGHTS_PATH, hub::stall);

    assertThatFetchFails()
        .hasMessageContainingAll(WEIGHTS_PATH, "nothing came in time", "HF_HUB_OFFLINE=1");
    assertThat(hub.count(WEIGHTS_PATH)).isEqualTo(1);
    assertThatNoWeightsWereKept();
  }

  @Test
  void asksOnceMoreForHalfABody() {
    AtomicInteger attempts = new AtomicInteger();
    hub.on(
        WEIGHTS_PATH,
        exchange -> {
          if (attempts.incrementAndGet() == 1) {
            LoopbackHub.sendHalf(exchange);
          } else {
            LoopbackHub.send(exchange, 200, WEIGHTS);
          }
        });

    HubFiles files = fetch("main");

    assertThat(files.weights()).hasBinaryContent(WEIGHTS);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void asksForHalfABodyOnlyOnceMore() throws IOException {
    hub.on(WEIGHTS_PATH, LoopbackHub::sendHalf);

    assertThatFetchFails()
        .hasMessageContainingAll(WEIGHTS_PATH, "the body ended after 50000 of 100000 bytes");
    assertThat(hub.count(WEIGHTS_PATH)).isEqualTo(2);
    assertThatNoWeightsWereKept();
  }

  @Test
  void asksOnceMoreAfterAReset() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> resetAll(server, connections));
      thread.setDaemon(true);
      thread.start();
      Map<String, String> environment = hub.environment(cache);
      environment.put("HF_ENDPOINT", "http://127.0.0.1:" + server.getLocalPort());

      assertThatFetchFails(environment).hasMessageContaining("SocketException: Connection reset");
    }
    assertThat(connections).hasValue(2);
  }

  /** Reads each request, sends half of an answer and resets the connection. */
  private static void resetAll(ServerSocket server, AtomicInteger connections) {
    byte[] half = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes(StandardCharsets.UTF_8);
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        connections.incrementAndGet();
        socket.getInputStream().read(new byte[1 << 16]);
        socket.getOutputStream().write(half);
        Thread.sleep(100);
        socket.setSoLinger(true, 0);
      } catch (IOException | InterruptedException closed) {
        return;
      }
    }
  }
}
