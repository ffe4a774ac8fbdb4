package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.models.LoopbackHub.COMMIT;
import static swarmformer.models.LoopbackHub.NAME;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;

final class CheckpointsTest {
  private static final Path TINY = Golden.file("tiny/a");
  private static final byte[] CLOSED = new byte[0];

  @TempDir private Path folder;

  private static ModelFiles read(String reference) {
    return new Checkpoints(new Configuration(), Map.of()).read(reference);
  }

  @Test
  void everyFolderUnderModelsIsAName() throws IOException {
    try (Stream<Path> models = Files.list(Path.of("models"))) {
      for (Path model : models.toList()) {
        ModelFiles files = read(model.getFileName().toString());
        assertThat(model.resolve("model.safetensors")).hasBinaryContent(files.weights());
        assertThat(Checkpoint.parse(files).classNames()).hasSize(2);
        assertThat(model.resolve("README.md")).exists();
      }
    }
  }

  @Test
  void writesWhatItHasRead() throws IOException {
    ModelFiles files = read(TINY.toString());
    Checkpoints checkpoints = new Checkpoints(new Configuration(), Map.of());
    checkpoints.write(files, folder.resolve("new/model").toUri().toString());
    ModelFiles back = read(folder.resolve("new/model").toString());
    assertThat(back.sha256()).isEqualTo(files.sha256());
    assertThat(back.configSha256()).isEqualTo(files.configSha256());
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> checkpoints.write(files, file.resolve("model").toString()))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching("Cannot write model .*tiny/a to .*/file/model: .*\\.");
  }

  @Test
  void readsAFolderAndAUriAlike() {
    ModelFiles byPath = read(TINY.toString());
    ModelFiles byUri = read(TINY.toUri().toString());
    assertThat(byPath.sha256()).isEqualTo(byUri.sha256()).hasSize(64);
    assertThat(byPath.config()).isEqualTo(byUri.config());
    assertThat(byPath.name()).isEqualTo(TINY.toString());
  }

  @Test
  void readsAUriAsHadoopPrintsIt() {
    String uri = "file:" + TINY.toAbsolutePath();
    assertThat(read(uri).sha256()).isEqualTo(read(TINY.toString()).sha256());
  }

  @Test
  void readsAHubNameAndRecordsTheCommit() throws IOException {
    try (LoopbackHub hub = new LoopbackHub()) {
      Checkpoints checkpoints = new Checkpoints(new Configuration(), hub.environment(folder));
      assertThat(checkpoints.read(NAME).name()).isEqualTo(NAME + "@" + COMMIT);
      assertThat(checkpoints.read(NAME + "@" + COMMIT).weights()).isEqualTo(LoopbackHub.WEIGHTS);
    }
  }

  @Test
  void saysThatThereIsNoSuchFolderBeforeWhatTheHubSays() throws IOException {
    try (LoopbackHub hub = new LoopbackHub()) {
      hub.on(LoopbackHub.listingPath("main"), exchange -> LoopbackHub.send(exchange, 401, CLOSED));
      Checkpoints checkpoints = new Checkpoints(new Configuration(), hub.environment(folder));
      assertThatThrownBy(() -> checkpoints.read(NAME))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(
              "There is no directory org/tiny, so it was looked up on the hub. Cannot fetch org/tiny@main: ");
    }
  }

  @Test
  void looksForNoFolderOnTheHub() throws IOException {
    try (LoopbackHub hub = new LoopbackHub()) {
      Checkpoints checkpoints = new Checkpoints(new Configuration(), hub.environment(folder));
      for (String mistake : List.of("models/mine", "src/mine", "./mine", "../mine")) {
        assertThatThrownBy(() -> checkpoints.read(mistake))
            .isInstanceOf(ModelException.class)
            .hasMessage(
                "Cannot find model '%s': there is no such directory. Check --model. For a name on the hub add its revision, as in %s@main."
                    .formatted(mistake, mistake));
      }
      assertThat(hub.requests).isEmpty();
      assertThatThrownBy(() -> checkpoints.read("src/mine@main"))
          .hasMessageContaining("Cannot fetch src/mine@main");
      assertThat(hub.requests).isNotEmpty();
    }
  }

  @Test
  void refusesAFolderWithoutAFile() throws IOException {
    Files.copy(TINY.resolve("config.json"), folder.resolve("config.json"));
    assertThatThrownBy(() -> read(folder.toString()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Cannot read model " + folder)
        .hasMessageContaining("there is no model.safetensors in it")
        .hasMessageContaining("A model is a directory with config.json and model.safetensors");
  }

  @Test
  void listsTheBundledModelsWhenANameIsNone() {
    assertThatThrownBy(() -> read("smal-imdb"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Cannot find model 'smal-imdb'")
        .hasMessageContaining("small-imdb")
        .hasMessageContaining("--model");
  }

  @Test
  void refusesAFileSystemThatIsNotThere() {
    assertThatThrownBy(() -> read("nowhere://bucket/model"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Cannot read model nowhere://bucket/model")
        .hasMessageContaining("nowhere");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    assertThatThrownBy(() -> read(folder.resolve("missing").toUri().toString()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no config.json in it");
    assertThatThrownBy(() -> read("./missing/model/folder"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Cannot find model './missing/model/folder'");
  }
}
