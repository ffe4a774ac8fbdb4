package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.models.LoopbackHub.COMMIT;
import static swarmformer.models.LoopbackHub.CONFIG_PATH;
import static swarmformer.models.LoopbackHub.NAME;
import static swarmformer.models.LoopbackHub.WEIGHTS;
import static swarmformer.models.LoopbackHub.WEIGHTS_PATH;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.checkpoint.ModelException;

class HubCacheTest extends HubClientTestBase {
  @ParameterizedTest
  @ValueSource(strings = {"main", COMMIT})
  void fetchesADamagedFileAgain(String revision) throws IOException {
    HubFiles files = fetch("main");
    damage(files.weights());

    assertThat(fetch(revision).weights()).hasBinaryContent(WEIGHTS);
    assertThat(hub.count(WEIGHTS_PATH)).isEqualTo(2);
    assertThat(hub.count(CONFIG_PATH)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{\"model.safetensors\": null}", "{\"model.safe"})
  void fetchesAgainWhatADamagedRecordCannotVouchFor(String json) throws IOException {
    HubFiles files = fetch("main");
    Files.writeString(files.weights().getParent().resolve("files.json"), json);

    assertThat(fetch(COMMIT)).isEqualTo(files);
    assertThat(hub.count(WEIGHTS_PATH)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "YES", "on"})
  void offlineAsksNobody(String value) {
    HubFiles files = fetch("main");
    hub.requests.clear();

    assertThat(offline(value).fetch(NAME, "main")).isEqualTo(files);
    assertThat(offline(value).fetch(NAME, COMMIT)).isEqualTo(files);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void offlineNeedsAnEarlierFetch() throws IOException {
    assertThatThrownBy(() -> offline("1").fetch(NAME, "main"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot fetch org/tiny@main: HF_HUB_OFFLINE is set and the cache %s does not have it. Run once without HF_HUB_OFFLINE, or set SWARMFORMER_CACHE to the cache of an earlier run.",
            cache);
    assertThatThrownBy(() -> offline("1").fetch(NAME, COMMIT))
        .hasMessageContaining("does not have it");
    assertThat(hub.requests).isEmpty();
    assertThat(cachedFileNames()).isEmpty();
  }

  @Test
  void offlineRefusesADamagedFile() throws IOException {
    HubFiles files = fetch("main");
    damage(files.weights());

    assertThatThrownBy(() -> offline("1").fetch(NAME, "main"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot fetch org/tiny@main: HF_HUB_OFFLINE is set and the cached copy %s is damaged: it does not fit its files.json. Run once without HF_HUB_OFFLINE to fetch it again.",
            files.weights().getParent());
  }

  @Test
  void removesAbandonedDownloadsOnly() throws IOException {
    Path folder = Files.createDirectories(cache.resolve("models/org--tiny/" + "a".repeat(40)));
    Path old = Files.createFile(folder.resolve(partial("0")));
    Path recent = Files.createFile(folder.resolve(partial("1")));
    Path oldOther = Files.createFile(folder.resolve("mine.part"));
    FileTime twoDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(old, twoDaysAgo);
    Files.setLastModifiedTime(oldOther, twoDaysAgo);

    fetch("main");

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThat(oldOther).exists();
  }

  @Test
  void saysThatTheCacheCannotBeWritten() throws IOException {
    Path file = Files.createFile(cache.resolve("file"));

    assertThatThrownBy(() -> new HubClient(hub.environment(file)).fetch(NAME, "main"))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "Cannot fetch org/tiny@main: the cache " + file,
            "set SWARMFORMER_CACHE to a directory");
  }

  private static String partial(String digit) {
    return "model.safetensors." + digit.repeat(36) + ".part";
  }
}
