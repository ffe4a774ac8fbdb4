package swarmformer.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.models.Checkpoints;

/**
 * A model that the driver has read and checked.
 *
 * @param reference what the user called it
 * @param files its files
 */
record ReadModel(String reference, ModelFiles files) {
  /** Reads a model, from wherever the reference says. */
  static ReadModel of(SparkSession spark, String reference) {
    ModelFiles files = checkpoints(spark).read(reference);
    Checkpoint.parse(files);
    return new ReadModel(reference, files);
  }

  static Checkpoints checkpoints(SparkSession spark) {
    return new Checkpoints(hadoop(spark), System.getenv());
  }

  /** What the session says of file systems, too. */
  static Configuration hadoop(SparkSession spark) {
    return ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().newHadoopConf();
  }

  /** Refuses a model whose hashes are not those that a stage asks for. */
  void check(ClassifierParams params) {
    check(params, params.modelSha256(), "model.safetensors", files.sha256());
    check(params, params.configSha256(), "config.json", files.configSha256());
  }

  private void check(ClassifierParams params, Param<String> wanted, String file, String found) {
    if (params.isSet(wanted) && !params.getOrDefault(wanted).equalsIgnoreCase(found)) {
      throw new ModelException(
          "Cannot use model %s: the SHA-256 of its %s is %s, and %s is %s. The model has changed since it was chosen: bring back the one that was, or make a new stage with this one."
              .formatted(reference, file, found, wanted.name(), params.getOrDefault(wanted)));
    }
  }
}
