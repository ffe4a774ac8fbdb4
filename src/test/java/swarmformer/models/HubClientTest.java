package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.models.LoopbackHub.COMMIT;
import static swarmformer.models.LoopbackHub.CONFIG;
import static swarmformer.models.LoopbackHub.CONFIG_PATH;
import static swarmformer.models.LoopbackHub.WEIGHTS;
import static swarmformer.models.LoopbackHub.WEIGHTS_PATH;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HubClientTest extends HubClientTestBase {
  @Test
  void fetchesBothFiles() throws IOException {
    HubFiles files = fetch("main");

    assertThat(files.commit()).isEqualTo(COMMIT);
    assertThat(files.weights().getParent()).isEqualTo(cache.resolve("models/org--tiny/" + COMMIT));
    assertThat(files.config())
        .hasValueSatisfying(path -> assertThat(path).hasBinaryContent(CONFIG));
    assertThat(files.weights()).hasBinaryContent(WEIGHTS);
    assertThat(files.weights().getParent().resolve("files.json"))
        .content()
        .contains(LoopbackHub.hash("SHA-256", WEIGHTS), LoopbackHub.hash("SHA-256", CONFIG));
    assertThat(cache.resolve("models/org--tiny/refs/main")).hasContent(COMMIT);
    assertThat(cachedFileNames()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void asksTheHubAboutABranchButDownloadsOnce() {
    HubFiles first = fetch("main");

    assertThat(fetch("main")).isEqualTo(first);
    assertThat(hub.count(LoopbackHub.listingPath("main"))).isEqualTo(2);
    assertThat(hub.count(WEIGHTS_PATH)).isEqualTo(1);
    assertThat(hub.count(CONFIG_PATH)).isEqualTo(1);
  }

  @Test
  void needsNoNetworkForACachedCommit() {
    HubFiles first = fetch("main");
    hub.requests.clear();

    assertThat(fetch(COMMIT)).isEqualTo(first);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void fetchesACommitThatIsNotCached() {
    assertThat(fetch(COMMIT).weights()).hasBinaryContent(WEIGHTS);
  }

  @Test
  void encodesTheSlashOfARevision() throws IOException {
    byte[] json = LoopbackHub.description(COMMIT, LoopbackHub.weightsEntry());
    hub.on(
        LoopbackHub.listingPath("refs%2Fpr%2F1"),
        exchange -> LoopbackHub.send(exchange, 200, json));

    fetch("refs/pr/1");

    assertThat(cache.resolve("models/org--tiny/refs/refs%2Fpr%2F1")).hasContent(COMMIT);
  }

  @Test
  void doesWithoutConfig() throws IOException {
    hub.list(COMMIT, LoopbackHub.weightsEntry());

    assertThat(fetch("main").config()).isEmpty();
    assertThat(fetch(COMMIT).config()).isEmpty();
  }

  @Test
  void readsWeightsThatAreNotLargeFiles() throws IOException {
    byte[] small = new byte[0];
    String emptyBlob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    hub.list(COMMIT, LoopbackHub.entry("model.safetensors", 0, emptyBlob));
    hub.on(WEIGHTS_PATH, exchange -> LoopbackHub.send(exchange, 200, small));

    assertThat(fetch("main").weights()).isEmptyFile();
  }
}
