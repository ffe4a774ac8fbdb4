package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.model.KernelCalibration;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.Bfloat16Check;
import swarmformer.scoring.EmittedIds;
import swarmformer.scoring.ScoringSettings;
import swarmformer.tokens.Tokenizer;
import swarmformer.tokens.TokenizerKind;

/** What to score with. */
final class ModelOptions {

  /** Describes the option of a model. */
  static final String MODEL =
      "A bundled name, a directory, a URI, or org/name[@revision] on the Hugging Face hub. Default: ${DEFAULT-VALUE}.";

  private static final Map<String, TokenizerKind> TOKENIZERS =
      Map.of("fast", TokenizerKind.FAST, "reference", TokenizerKind.REFERENCE);

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = Checkpoints.DEFAULT_MODEL,
      description = MODEL)
  String model;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto, cpu or cuda. Default: ${DEFAULT-VALUE}.")
  String device;

  @Option(
      names = "--device-permits",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Tasks of an executor that may compute on a GPU at once. Default: ${DEFAULT-VALUE}.")
  int devicePermits;

  @Option(
      names = "--dtype",
      paramLabel = "DTYPE",
      defaultValue = "auto",
      description =
          "float32, bfloat16, or auto: bfloat16 where all executors multiply it natively and a check passes. Default: ${DEFAULT-VALUE}.")
  String dtype;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      defaultValue = "256",
      description = "Rows per batch. Default: ${DEFAULT-VALUE}.")
  int batchSize;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Number of partitions. Default: by the size of the input and the number of cores.")
  int partitions;

  @Option(
      names = "--micro-batch",
      paramLabel = "POSITIONS",
      description =
          "Token positions that the network computes at once, within a batch. Default: what is fastest, by a short calibration.")
  int microBatch = KernelCalibration.AUTO;

  @Option(
      names = "--tokenizer",
      paramLabel = "TOKENIZER",
      defaultValue = "fast",
      description =
          "fast, or reference for Hugging Face's own: the same ids, to compare. Default: ${DEFAULT-VALUE}.")
  String tokenizer;

  /** What clashes among the options, one sentence each. */
  List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (!TorchEngine.DEVICES.contains(device)) {
      clashes.add("--device takes auto, cpu or cuda, not '" + device + "'.");
    }
    if (!Bfloat16Check.DTYPES.contains(dtype)) {
      clashes.add("--dtype takes auto, float32 or bfloat16, not '" + dtype + "'.");
    }
    if (!TOKENIZERS.containsKey(tokenizer)) {
      clashes.add("--tokenizer takes fast or reference, not '" + tokenizer + "'.");
    }
    if (devicePermits < 1) {
      clashes.add("--device-permits must be at least 1, not " + devicePermits + ".");
    }
    if (batchSize < 1) {
      clashes.add("--batch-size must be at least 1, not " + batchSize + ".");
    }
    if (microBatch < 0) {
      clashes.add(
          "--micro-batch must be at least 1, or 0 for the default, not " + microBatch + ".");
    }
    if (partitions < 0) {
      clashes.add("--partitions must be at least 1, or 0 for the default, not " + partitions + ".");
    }
    return clashes;
  }

  /**
   * Refuses a model that lacks ids of texts: a run gives such texts an error, a program that
   * measures cannot use them.
   *
   * @throws ModelException if its vocabulary is smaller than the tokenizer's
   */
  void refuseSmallVocabulary(SwarmFormerConfig config) {
    if (config.vocabSize() < Tokenizer.VOCABULARY_SIZE) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "Cannot measure with model %s: its vocab_size is %d, and the ids of texts go up to %d. Set --model to one with the whole vocabulary.",
              model,
              config.vocabSize(),
              Tokenizer.VOCABULARY_SIZE - 1));
    }
  }

  /**
   * The number format of the run, the same on every executor.
   *
   * @param model that was checked
   */
  Precision precision(SparkSession spark, ModelFiles model) {
    return Bfloat16Check.precision(spark, model, device, dtype);
  }

  /** What turns texts into ids. */
  TokenizerKind tokenizer() {
    return TOKENIZERS.get(tokenizer);
  }

  /** How to score, with what only the program knows. */
  ScoringSettings settings(
      Precision precision, boolean idsGiven, EmittedIds emitted, boolean failOnBadRow) {
    return new ScoringSettings(
        device,
        devicePermits,
        dtype,
        precision,
        microBatch,
        batchSize,
        partitions,
        tokenizer(),
        idsGiven,
        emitted,
        failOnBadRow);
  }
}
