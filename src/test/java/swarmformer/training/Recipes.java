package swarmformer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SafetensorsWriter;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;

/** Recipes for tests, from the one in {@code conf/}, and models to train with them. */
final class Recipes {
  private Recipes() {}

  static String small() throws IOException {
    return Files.readString(Path.of("conf", "train-small.properties"));
  }

  /** A network that learns in seconds, with these lines at the end. */
  static Recipe tiny(String... lines) throws IOException {
    String text =
        small()
            + """

              model.d-model=16
              model.seq-len=32
              model.cluster-size=4
              model.layers=1
              model.local-steps=1
              pretrain.epochs=0
              epochs=3
              batch-size=16
              micro-batch=256
              learning-rate=0.02
              dropout.embedding=0.1
              dropout.classifier=0.1
              teacher.share=0
              teacher.document-vectors=0
              crops.share=0
              """
            + String.join("\n", lines);
    return Recipe.read(text, "test");
  }

  /** The files of a model with these weights, in float32. */
  static ModelFiles files(String name, SwarmFormerConfig config, Weights weights) {
    byte[] file = SafetensorsWriter.write(weights.tensors(), Dtype.F32);
    return ModelFiles.of(name, config.toJson(), file);
  }
}
