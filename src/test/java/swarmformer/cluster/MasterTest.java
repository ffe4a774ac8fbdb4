package swarmformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import swarmformer.errors.DeviceException;

final class MasterTest {
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final PrintStream progress = new PrintStream(told, true, StandardCharsets.UTF_8);

  private SparkSession open(String url) {
    return new Master(url, progress)
        .open(
            () -> {
              throw new AssertionError("opened");
            });
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void saysThatAMasterDoesNotAnswer() throws IOException {
    ServerSocket closed = listen();
    closed.close();
    String url = "spark://localhost:" + closed.getLocalPort();
    assertThatThrownBy(() -> open(url))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot reach the master %s: Connection refused. Check that it runs and that this is its address, and set --master.",
            url);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .isEqualTo("Waiting for %s to answer (Connection refused).%n".formatted(url));
  }

  @Test
  void oneOfSeveralMastersHasToAnswer() throws IOException {
    ServerSocket closed = listen();
    closed.close();
    try (ServerSocket open = listen()) {
      String url = "spark://localhost:%d,localhost:%d";
      assertThatThrownBy(() -> open(url.formatted(closed.getLocalPort(), open.getLocalPort())))
          .hasMessage("opened");
      assertThatThrownBy(() -> open("k8s://http://localhost:" + open.getLocalPort()))
          .hasMessage("opened");
    }
    assertThat(told.size()).isZero();
  }

  @Test
  void saysWhySparkDoesNotStart() {
    RuntimeException unknownHost =
        new IllegalStateException("failed", new UnknownHostException("kubernetes.default.svc"));
    assertThatThrownBy(() -> fail(unknownHost))
        .isInstanceOf(DeviceException.class)
        .hasCause(unknownHost)
        .hasMessage(
            "Cannot start Spark on local[2]: UnknownHostException: kubernetes.default.svc. Correct its settings; the log has more.");
    assertThatThrownBy(
            () -> fail(new IllegalArgumentException("requirement failed: A secret is missing.")))
        .hasMessage(
            "Cannot start Spark on local[2]: A secret is missing. Correct its settings; the log has more.");
  }

  private SparkSession fail(RuntimeException failure) {
    return new Master("local[2]", progress)
        .open(
            () -> {
              throw failure;
            });
  }

  @Test
  void othersAreLeftToSpark() {
    assertThatThrownBy(() -> open("local[2]")).hasMessage("opened");
    assertThatThrownBy(() -> open("yarn")).hasMessage("opened");
  }
}
