package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.checkpoint.ModelException;

class SavedClassifierIT {
  @TempDir private Path folder;
  private Path model;
  private Dataset<Row> input;

  @BeforeEach
  void copyModel() throws IOException {
    model = folder.resolve("tiny");
    FileUtils.copyDirectory(Golden.file("tiny/a").toFile(), model.toFile());
    input = Samples.texts(LocalSpark.session(), "A wonderful film.", "Dreadful.");
  }

  private SwarmFormerClassifier stage() {
    return Samples.classifier().setModel(model.toString()).setBatchSize(5);
  }

  private String save(MLWritable stage) throws IOException {
    String path = folder.resolve("saved").toString();
    stage.write().overwrite().save(path);
    return path;
  }

  private static List<Row> scores(Dataset<Row> scored) {
    return scored.select("text", "probability", "swarmformer").collectAsList();
  }

  @Test
  void comesBackWithItsParamsAndHashes() throws IOException {
    SwarmFormerClassifier stage = stage();
    SwarmFormerClassifier back = SwarmFormerClassifier.load(save(stage));
    assertThat(back.uid()).isEqualTo(stage.uid());
    assertThat(back.explainParams())
        .contains("batchSize: rows of a batch, at least 1 (default: 256, current: 5)")
        .containsPattern("modelSha256: .*current: [0-9a-f]{64}\\)")
        .containsPattern("configSha256: .*current: [0-9a-f]{64}\\)");
    assertThat(stage.isSet(stage.modelSha256())).isFalse();
    assertThat(scores(back.transform(input))).isEqualTo(scores(stage.transform(input)));
  }

  @Test
  void refusesAModelThatHasChanged() throws IOException {
    String path = save(stage());
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
    weights[weights.length - 4] ^= 1;
    Files.write(model.resolve("model.safetensors"), weights);
    assertThatThrownBy(() -> SwarmFormerClassifier.load(path))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "Cannot use model .*/tiny: the SHA-256 of its model\\.safetensors is [0-9a-f]{64}, and modelSha256 is [0-9a-f]{64}\\. The model has changed since it was chosen: bring back the one that was, or make a new stage with this one\\.");
  }

  @Test
  void refusesAConfigurationThatHasChanged() throws IOException {
    String path = save(stage());
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config) + "\n");
    assertThatThrownBy(() -> SwarmFormerClassifier.load(path))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the SHA-256 of its config.json is ");
  }

  @Test
  void refusesAModelThatIsGone() throws IOException {
    String path = save(stage());
    FileUtils.deleteDirectory(model.toFile());
    assertThatThrownBy(() -> SwarmFormerClassifier.load(path)).isInstanceOf(ModelException.class);
  }

  @Test
  void carriesTheModelInsideAPipelineThatMoves() throws IOException {
    SQLTransformer trim = new SQLTransformer().setStatement("SELECT trim(text) text FROM __THIS__");
    SwarmFormerClassifier inside = stage().setSaveWeights(true);
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {trim, inside}).fit(input);
    List<Row> expected = scores(pipeline.transform(input));
    Path saved = Path.of(save(pipeline));
    FileUtils.deleteDirectory(model.toFile());
    Path moved = Files.move(saved, folder.resolve("moved"));
    PipelineModel back = PipelineModel.load(moved.toString());
    assertThat(scores(back.transform(input))).isEqualTo(expected);
    back.write().overwrite().save(folder.resolve("again").toString());
    FileUtils.deleteDirectory(moved.toFile());
    PipelineModel again = PipelineModel.load(folder.resolve("again").toString());
    assertThat(scores(again.transform(input))).isEqualTo(expected);
  }

  @Test
  void keepsTheModelThatANewStageIsSavedOver() throws IOException {
    List<Row> expected = scores(stage().transform(input));
    String path = save(stage().setSaveWeights(true));
    save(stage().setModel(path + "/model").setSaveWeights(true));
    assertThat(scores(SwarmFormerClassifier.load(path).transform(input))).isEqualTo(expected);
  }

  @Test
  void keepsAModelThatItHasRead() throws IOException {
    SwarmFormerClassifier stage = stage();
    List<Row> before = scores(stage.transform(input));
    FileUtils.deleteDirectory(model.toFile());
    assertThat(scores(stage.transform(input))).isEqualTo(before);
    assertThat(scores(stage.copy(new org.apache.spark.ml.param.ParamMap()).transform(input)))
        .isEqualTo(before);
  }
}
