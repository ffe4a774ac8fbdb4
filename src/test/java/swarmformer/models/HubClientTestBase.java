package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static swarmformer.models.LoopbackHub.NAME;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.checkpoint.ModelException;

/** What the tests of fetching share: a hub, an empty cache, and a fetch that succeeds or fails. */
abstract class HubClientTestBase {
  @TempDir Path cache;
  LoopbackHub hub;

  @BeforeEach
  void openHub() throws IOException {
    hub = new LoopbackHub();
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  HubFiles fetch(String revision) {
    return new HubClient(hub.environment(cache)).fetch(NAME, revision);
  }

  HubClient offline(String value) {
    Map<String, String> environment = hub.environment(cache);
    environment.put("HF_HUB_OFFLINE", value);
    return new HubClient(environment);
  }

  AbstractThrowableAssert<?, ?> assertThatFetchFails() {
    return assertThatFetchFails(hub.environment(cache));
  }

  /** A fetch fails with an exception for a person, and the token is nowhere in it. */
  static AbstractThrowableAssert<?, ?> assertThatFetchFails(Map<String, String> environment) {
    Throwable thrown = catchThrowable(() -> new HubClient(environment).fetch(NAME, "main"));
    assertThat(thrown).isInstanceOf(ModelException.class);
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(LoopbackHub.TOKEN);
    return assertThat(thrown);
  }

  /** The names of all files in the cache, without their directories. */
  List<String> cachedFileNames() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  void assertThatNoWeightsWereKept() throws IOException {
    assertThat(cachedFileNames()).isSubsetOf("config.json");
  }

  /** Changes one bit, so that only the hash can tell. */
  static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
