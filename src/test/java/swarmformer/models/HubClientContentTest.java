package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.models.LoopbackHub.COMMIT;
import static swarmformer.models.LoopbackHub.WEIGHTS;
import static swarmformer.models.LoopbackHub.WEIGHTS_PATH;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.checkpoint.ModelException;

/** A hub that answers with what cannot be used. */
class HubClientContentTest extends HubClientTestBase {
  private static final String MAIN = LoopbackHub.listingPath("main");

  @Test
  void refusesAFileThatIsTooShort() throws IOException {
    byte[] cut = Arrays.copyOf(WEIGHTS, 99_999);
    hub.on(WEIGHTS_PATH, exchange -> LoopbackHub.send(exchange, 200, cut));

    assertThatFetchFails()
        .hasMessage(
            "Cannot fetch org/tiny@main: model.safetensors is not what the hub lists: 99999 bytes came, 100000 were listed. Nothing was kept; run again, and if it happens again, look for a proxy or mirror that alters files.");
    assertThatNoWeightsWereKept();
  }

  @Test
  void refusesAFileThatIsTooLong() throws IOException {
    byte[] extended = Arrays.copyOf(WEIGHTS, 100_001);
    hub.on(WEIGHTS_PATH, exchange -> LoopbackHub.send(exchange, 200, extended));

    assertThatFetchFails().hasMessageContainingAll(WEIGHTS_PATH, "more than the 100000 bytes");
    assertThatNoWeightsWereKept();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json"})
  void refusesAFileWithAnotherHash(String file) throws IOException {
    int size = file.equals("config.json") ? LoopbackHub.CONFIG.length : WEIGHTS.length;
    String path = "/org/tiny/resolve/" + COMMIT + "/" + file;
    hub.on(path, exchange -> LoopbackHub.send(exchange, 200, new byte[size]));

    assertThatFetchFails()
        .hasMessageContainingAll(file + " is not what the hub lists: the hash of what");
    assertThatNoWeightsWereKept();
  }

  @Test
  void refusesAFileTooLargeToRead() throws IOException {
    hub.list(COMMIT, LoopbackHub.largeEntry(1L << 31, "0".repeat(64)));

    assertThatFetchFails()
        .hasMessage(
            "Cannot fetch org/tiny@main: model.safetensors has 2147483648 bytes, and at most 2147483647 are read. Save the weights in F16 or BF16, or choose a smaller model.");
    assertThat(hub.count(WEIGHTS_PATH)).isZero();
  }

  @Test
  void listsTheFilesOfAModelWithoutWeights() throws IOException {
    Object[] siblings =
        Stream.of("README.md", "pytorch_model.bin", "bad\u001b[2J")
            .map(name -> Map.of("rfilename", name))
            .toArray();
    hub.list(COMMIT, siblings);

    assertThatFetchFails()
        .hasMessage(
            "Cannot fetch org/tiny@main: it has no model.safetensors. Files found: README.md, pytorch_model.bin, bad?[2J. Choose a revision that has one, or convert the weights: pytorch_model.bin is not read.");
  }

  @Test
  void listsNoFiles() throws IOException {
    hub.list(COMMIT);

    assertThatFetchFails().hasMessageContaining("Files found: none.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"sha":              | it is not JSON
          []                   | it is not a JSON object
          {}                   | its commit ('sha') is ''
          {"sha":"../../etc"}  | its commit ('sha') is '../../etc'
          {"sha":"0123456789abcdef0123456789abcdef01234567", "siblings":[{"rfilename":"model.safetensors","lfs":{"size":-1}}]} | the size of model.safetensors is '-1'
          {"sha":"0123456789abcdef0123456789abcdef01234567", "siblings":[{"rfilename":"model.safetensors","lfs":{"size":1.5}}]} | the size of model.safetensors is '1.5'
          {"sha":"0123456789abcdef0123456789abcdef01234567", "siblings":[{"rfilename":"model.safetensors","lfs":{"size":1,"sha256":"x"}}]} | the hash of model.safetensors is 'x'
          {"sha":"0123456789abcdef0123456789abcdef01234567", "siblings":[{"rfilename":"config.json","size":1}]} | the hash of config.json is ''
          """)
  void refusesADescriptionItCannotUse(String json, String reason) {
    hub.on(
        MAIN, exchange -> LoopbackHub.send(exchange, 200, json.getBytes(StandardCharsets.UTF_8)));

    assertThatFetchFails()
        .hasMessage(
            "Cannot fetch org/tiny@main: the hub's description of it cannot be used: %s. Check that HF_ENDPOINT is a Hugging Face hub.",
            reason);
  }

  @Test
  void refusesAnotherCommitThanTheOneAskedFor() throws IOException {
    String other = "f".repeat(40);
    hub.list(other, LoopbackHub.weightsEntry());

    assertThatThrownBy(() -> fetch(COMMIT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(other);
  }

  @Test
  void refusesADescriptionWithoutEnd() {
    byte[] block = new byte[1 << 20];
    hub.on(
        MAIN,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 18; i++) {
            exchange.getResponseBody().write(block);
          }
          exchange.close();
        });

    assertThatFetchFails().hasMessageContainingAll(MAIN, "more than the 16777216 bytes");
  }
}
