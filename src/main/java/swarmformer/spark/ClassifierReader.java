package swarmformer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import scala.Option;
import swarmformer.checkpoint.ModelException;

/** Reads a stage that was saved, and the model that it was saved with. */
final class ClassifierReader extends MLReader<SwarmFormerClassifier> {
  /**
   * Reads a stage.
   *
   * @throws ModelException if its model cannot be read, or has changed
   */
  @Override
  public SwarmFormerClassifier load(String path) {
    DefaultParamsReader.Metadata saved =
        DefaultParamsReader.loadMetadata(
            path, sparkSession(), SwarmFormerClassifier.class.getName());
    SwarmFormerClassifier stage = new SwarmFormerClassifier(saved.uid());
    saved.getAndSetParams(stage, Option.empty());
    if ((Boolean) stage.getOrDefault(stage.saveWeights())) {
      stage.setModel(qualified(new Path(path, ClassifierWriter.MODEL)));
    }
    stage.readModel(sparkSession());
    return stage;
  }

  /** A URI, which is not taken for the name of a model on a hub. */
  private String qualified(Path folder) {
    try {
      FileSystem files = folder.getFileSystem(ReadModel.hadoop(sparkSession()));
      return files.makeQualified(folder).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // its metadata was read from there
    }
  }
}
