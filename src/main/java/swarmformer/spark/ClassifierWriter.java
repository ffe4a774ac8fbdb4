package swarmformer.spark;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import swarmformer.checkpoint.ModelFiles;

/** Saves a stage: its params with the hashes of its model, and the model if that is wanted. */
final class ClassifierWriter extends MLWriter {
  /** Directory of a model that is saved with its stage. */
  static final String MODEL = "model";

  private final SwarmFormerClassifier stage;

  ClassifierWriter(SwarmFormerClassifier stage) {
    this.stage = stage;
  }

  /** Reads the model first: what {@code overwrite()} deletes may be where it lies. */
  @Override
  public void save(String path) throws IOException {
    stage.readModel(sparkSession());
    super.save(path);
  }

  @Override
  public void saveImpl(String path) {
    ModelFiles model = stage.readModel(sparkSession());
    SwarmFormerClassifier pinned =
        stage
            .copy(ParamMap.empty())
            .setModelSha256(model.sha256())
            .setConfigSha256(model.configSha256());
    DefaultParamsWriter.saveMetadata(pinned, path, sparkSession());
    if ((Boolean) stage.getOrDefault(stage.saveWeights())) {
      ReadModel.checkpoints(sparkSession()).write(model, new Path(path, MODEL).toString());
    }
  }
}
