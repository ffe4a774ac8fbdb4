package swarmformer.training;

import java.util.List;
import java.util.OptionalInt;
import swarmformer.augment.AugmentationSettings;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.model.AdamW;
import swarmformer.model.Dropout;
import swarmformer.tokens.Tokenizer;
import swarmformer.tokens.TruncationSide;

/**
 * How a network is trained. {@code conf/train-small.properties} explains every setting.
 *
 * @param architecture sizes of the network
 * @param start its first weights
 * @param pretraining what they learn before the classes
 * @param dropout shares of values that are set to zero
 * @param optimizer how a step is made
 * @param schedule how many there are
 * @param teacher what texts learn from besides their labels
 * @param augmentation how texts with labels are varied
 * @param crops parts of texts that are read instead of them
 */
public record Recipe(
    Architecture architecture,
    Start start,
    Pretraining pretraining,
    Dropout dropout,
    Optimizer optimizer,
    Schedule schedule,
    Teacher teacher,
    AugmentationSettings augmentation,
    Crops crops) {

  /** Whether texts with labels are augmented, so that they are not the texts that were given. */
  public boolean changesTexts() {
    return !augmentation.changesNothing();
  }

  /** Sizes of the network, see {@link SwarmFormerConfig}. */
  public record Architecture(
      int dModel,
      int seqLen,
      int clusterSize,
      int layers,
      int localSteps,
      TruncationSide truncationSide) {
    /** The configuration of a network for these classes. */
    public SwarmFormerConfig config(List<String> classNames) {
      return new SwarmFormerConfig(
          Tokenizer.VOCABULARY_SIZE,
          dModel,
          seqLen,
          clusterSize,
          layers,
          localSteps,
          classNames,
          truncationSide);
    }
  }

  /**
   * The first weights.
   *
   * @param embeddingDeviation standard deviation of the embedding's values
   * @param wordVectorEpochs times that all texts are read for the vectors that the embedding starts
   *     with; 0: it starts with a normal distribution
   * @param gateBias last bias of every gate, which opens for sigmoid of it
   */
  public record Start(double embeddingDeviation, int wordVectorEpochs, double gateBias) {}

  /**
   * Guessing masked tokens.
   *
   * @param epochs times that every text is seen, labels or not
   * @param masked share of the tokens that are guessed
   * @param learningRate the greatest
   */
  public record Pretraining(int epochs, double masked, double learningRate) {}

  /**
   * AdamW, with a learning rate that rises in a line and falls along a cosine.
   *
   * @param learningRate the greatest
   * @param warmUp share of all steps in which it rises
   * @param end share of the greatest that it falls to
   */
  public record Optimizer(
      double learningRate,
      double warmUp,
      double end,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double gradientNorm,
      double averageDecay) {
    Optimizer withLearningRate(double greatest) {
      return new Optimizer(
          greatest, warmUp, end, beta1, beta2, epsilon, weightDecay, gradientNorm, averageDecay);
    }

    /**
     * Settings of a step.
     *
     * @param step how many were made before
     * @param steps how many there are in all
     */
    AdamW at(long step, long steps) {
      double rising = warmUp * steps;
      double factor =
          step < rising
              ? (step + 1) / rising
              : end + (1 - end) * (1 + Math.cos(Math.PI * (step - rising) / (steps - rising))) / 2;
      // The average starts as one of few steps, so that the first weights soon leave it.
      double average = Math.min(averageDecay, (1.0 + step) / (10 + step));
      return new AdamW(
          learningRate * Math.min(1, factor),
          beta1,
          beta2,
          epsilon,
          weightDecay,
          gradientNorm,
          average);
    }
  }

  /**
   * Epochs and batches.
   *
   * @param epochs times that every text is seen; if there is none, it follows the number of texts
   * @param patience epochs without a better validation after which training ends
   * @param batchSize texts of a step; if there is none, it follows the number of texts
   * @param microBatch token positions that are computed at once
   * @param labelSmoothing share of a label that is spread over all classes
   */
  public record Schedule(
      OptionalInt epochs,
      int patience,
      OptionalInt batchSize,
      int microBatch,
      double labelSmoothing) {
    /** Times that one text would be seen. */
    private static final double EPOCHS = 1_200;

    private static final int TEXTS_PER_BATCH = 64;
    private static final int SMALLEST_BATCH = 16;
    private static final int LARGEST_BATCH = 64;

    /** Times that each of so many texts is seen: 54 for 500, 12 for 10,000, 1 from a million on. */
    int epochs(int texts) {
      return epochs.orElse((int) Math.max(1, Math.round(EPOCHS / Math.sqrt(texts))));
    }

    /** Of so many texts, those of a step. */
    int batchSize(int texts) {
      return batchSize.orElse(
          Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, texts / TEXTS_PER_BATCH)));
    }
  }

  /**
   * The teacher.
   *
   * @param share of the target that the teacher gives; the rest is the label's
   * @param unlabelledWeight of texts without a label in the loss, which learn from the teacher
   *     alone; 0: they serve pretraining only
   * @param documentVectorEpochs times that all texts are read for their vectors, which the teacher
   *     learns from, too; 0: it has none
   */
  public record Teacher(double share, double unlabelledWeight, int documentVectorEpochs) {}

  /**
   * Crops: parts of texts of random place and length.
   *
   * @param share of the texts that are read as a crop
   * @param minTokens of a crop, special ones included; at most it has those that the network reads
   */
  public record Crops(double share, int minTokens) {}

  /**
   * Reads a recipe.
   *
   * @param text of a properties file
   * @param origin where it comes from, for messages
   * @throws RecipeException with everything that is missing or wrong
   */
  public static Recipe read(String text, String origin) {
    return RecipeFile.read(text, origin);
  }
}
