package swarmformer.training;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.model.DeviceMemory;
import swarmformer.model.TrainableNetwork;

/**
 * Trains a network. The same recipe, texts, seed and workers give the same weights, however often
 * it was killed and started again.
 */
final class Trainer {
  /** Parts of an epoch whose figures are kept. */
  private static final int PARTS = 20;

  private final Training training;
  private final Recipe recipe;
  private final SwarmFormerConfig config;
  private final Validation validation;
  private final SavedState saved;
  private final Duration betweenSaves;
  private final Duration betweenLines;
  private final TrainingProgress progress;
  private final TrainingStage pretraining;
  private final TrainingStage learning;

  private TrainableNetwork network;
  private ExecutorService threads;
  private int epoch;
  private int batch;
  private LearningTask.Sums sums = LearningTask.Sums.NONE;
  private LearningTask.Sums part = LearningTask.Sums.NONE;
  private double secondsBefore;
  private long epochStart = System.nanoTime();
  private TrainingHistory history = TrainingHistory.NONE;
  private long learned;
  private final long start = System.nanoTime();
  private long lastSave = start;
  private long lastLine = start;

  Trainer(
      Training training,
      TrainingTexts texts,
      SavedState saved,
      Duration betweenSaves,
      Duration betweenLines,
      TrainingProgress progress) {
    this.training = training;
    this.recipe = training.recipe();
    this.config = training.config();
    this.validation =
        new Validation(texts.validation(), training.device(), recipe.schedule().microBatch());
    this.saved = saved;
    this.betweenSaves = betweenSaves;
    this.betweenLines = betweenLines;
    this.progress = progress;
    Recipe.Pretraining before = recipe.pretraining();
    Recipe.Schedule schedule = recipe.schedule();
    Classification classification = new Classification(recipe, texts);
    int learned = classification.lengths().length;
    this.pretraining =
        new TrainingStage(
            "pretraining epoch",
            0,
            new MaskedTokens(texts.training(), config.seqLen(), before.masked()),
            schedule.batchSize(texts.training().size()),
            training.from().isPresent() ? 0 : before.epochs(),
            recipe.optimizer().withLearningRate(before.learningRate()));
    this.learning =
        new TrainingStage(
            "epoch",
            pretraining.steps(),
            classification,
            schedule.batchSize(learned),
            schedule.epochs(learned),
            recipe.optimizer());
  }

  /**
   * Trains to the end.
   *
   * @param first weights to start from
   * @param standing where to resume instead, if training was killed
   * @return what each epoch gave; the weights of the best are saved
   */
  TrainingHistory run(Weights first, Optional<SavedState.Standing> standing) throws IOException {
    threads = Executors.newFixedThreadPool(training.workers());
    try (TrainableNetwork loaded =
        new TrainableNetwork(
            config,
            first,
            recipe.dropout(),
            positions(),
            training.workers(),
            training.device(),
            training.precision())) {
      network = loaded;
      if (standing.isPresent()) {
        restore(standing.get());
      }
      while (epoch < pretraining.epochs()) {
        runEpoch(pretraining, epoch);
        endPretraining();
      }
      if (history.epochs().isEmpty() && batch == 0) {
        validateFirstWeights();
      }
      int patience = recipe.schedule().patience();
      while (epoch < pretraining.epochs() + learning.epochs() && !history.outOf(patience)) {
        runEpoch(learning, epoch - pretraining.epochs());
        endEpoch();
      }
      return history;
    } finally {
      threads.shutdownNow();
    }
  }

  private void restore(SavedState.Standing standing) throws IOException {
    network.state().restore(saved.tensors(standing));
    epoch = standing.epoch();
    batch = standing.batch();
    sums = standing.sums();
    part = standing.part();
    secondsBefore = standing.seconds();
    history = standing.history();
  }

  private void runEpoch(TrainingStage stage, int epochOfStage) throws IOException {
    epochStart = System.nanoTime();
    List<int[]> batches =
        EpochPlan.batches(
            stage.task().lengths(),
            stage.batchSize(),
            new Random(mixed(training.seed(), epoch, -1)));
    network.drawMasks(mixed(training.seed(), epoch, -2));
    while (batch < batches.size()) {
      learn(stage, epochOfStage, batches.get(batch));
      batch++;
      if (epoch >= pretraining.epochs()) {
        endPart(epochOfStage, batches.size());
      }
      if (since(lastLine).compareTo(betweenLines) >= 0) {
        lastLine = System.nanoTime();
        tell(stage, epochOfStage);
      }
      if (since(lastSave).compareTo(betweenSaves) >= 0) {
        save();
      }
    }
  }

  /** Keeps the figures of a part of the epoch, if the last batch was its last. */
  private void endPart(int epochOfStage, int batches) {
    int number = (batch - 1) * PARTS / batches;
    if (batch * PARTS / batches > number) {
      int first = (number * batches + PARTS - 1) / PARTS;
      history =
          history.plus(
              new TrainingHistory.Part(
                  epochOfStage + first / (double) batches,
                  epochOfStage + batch / (double) batches,
                  part.loss() / (batch - first),
                  part.accuracy()));
      part = LearningTask.Sums.NONE;
    }
  }

  private void tell(TrainingStage stage, int epochOfStage) {
    double made = stage.before() + stage.made(epochOfStage, batch);
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.steps(
        stage.name() + " " + (epochOfStage + 1),
        made / (pretraining.steps() + learning.steps()),
        sums.loss() / batch,
        sums.accuracy(),
        learned / seconds);
  }

  private void endPretraining() throws IOException {
    TrainingHistory.Pretraining ended =
        new TrainingHistory.Pretraining(epoch + 1, sums.loss() / batch, sums.accuracy(), seconds());
    history = history.plus(ended);
    if (epoch + 1 == pretraining.epochs()) {
      network.state().beginAnew();
    }
    saveNextEpoch();
    progress.pretraining(ended);
  }

  /** So that training from few texts cannot end with less than it began with. */
  private void validateFirstWeights() throws IOException {
    if (!training.validation().isEmpty()) {
      Weights weights = network.state().current();
      keep(weights, validated(weights, 0, Double.NaN, Double.NaN));
      save();
    }
  }

  private void endEpoch() throws IOException {
    boolean average = recipe.optimizer().averageDecay() > 0;
    Weights weights = average ? network.state().average() : network.state().current();
    TrainingHistory.Epoch ended =
        validated(weights, epoch - pretraining.epochs() + 1, sums.loss() / batch, sums.accuracy());
    keep(weights, ended);
    saveNextEpoch();
    progress.epoch(ended);
  }

  private TrainingHistory.Epoch validated(
      Weights weights, int number, double loss, double accuracy) {
    Validation.Result result = validation.of(new Checkpoint(config, weights));
    return new TrainingHistory.Epoch(
        number, loss, accuracy, result.loss(), result.accuracy(), seconds());
  }

  private void keep(Weights weights, TrainingHistory.Epoch ended) throws IOException {
    history = history.plus(ended);
    if (history.best().orElseThrow().epoch() == ended.epoch()) {
      saved.saveBest(weights);
    }
  }

  private void saveNextEpoch() throws IOException {
    epoch++;
    batch = 0;
    sums = LearningTask.Sums.NONE;
    part = LearningTask.Sums.NONE;
    secondsBefore = 0;
    epochStart = System.nanoTime();
    save();
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - epochStart) / 1e9;
  }

  private void save() throws IOException {
    String name = String.format(Locale.ROOT, "state-%d-%d.safetensors", epoch, batch);
    saved.save(
        new SavedState.Standing(
            saved.fingerprint(), name, epoch, batch, sums, part, seconds(), history),
        network.state().save());
    lastSave = System.nanoTime();
  }

  /** One step: the gradients of a batch, in pieces, and the optimizer's update. */
  private void learn(TrainingStage stage, int epochOfStage, int[] rows) throws IOException {
    SplittableRandom random = new SplittableRandom(mixed(training.seed(), epoch, batch));
    LearningTask.Step step = stage.task().read(rows, epochOfStage, random);
    int[] width = step.ids().stream().mapToInt(ids -> network.positions(ids.length)).toArray();
    List<List<int[]>> pieces =
        EpochPlan.pieces(width, recipe.schedule().microBatch(), training.workers());
    List<Callable<LearningTask.Sums>> workers = new ArrayList<>();
    for (int worker = 0; worker < training.workers(); worker++) {
      int self = worker;
      SplittableRandom own = random.split();
      workers.add(() -> learn(step, self, pieces.get(self), own));
    }
    for (LearningTask.Sums some : ended(workers)) {
      sums = sums.plus(some);
      part = part.plus(some);
    }
    double norm = network.step(stage.settings(epochOfStage, batch));
    learned += rows.length;
    if (!Double.isFinite(sums.loss()) || !Double.isFinite(norm)) {
      throw new RecipeException(
          String.format(
              Locale.ROOT,
              "Cannot continue: the loss or its gradient is NaN or infinite in %s %d. Lower its learning rate or gradient-norm in the recipe, and set another --output.",
              stage.name(),
              epochOfStage + 1));
    }
  }

  private LearningTask.Sums learn(
      LearningTask.Step step, int worker, List<int[]> pieces, SplittableRandom random) {
    LearningTask.Sums sum = LearningTask.Sums.NONE;
    for (int[] piece : pieces) {
      sum = sum.plus(step.learn(network, worker, piece, random.nextLong()));
    }
    return sum;
  }

  /** That a piece may have: no more than a whole step has, however much the recipe allows. */
  private int positions() {
    long texts = Math.max(pretraining.batchSize(), learning.batchSize());
    return (int) Math.min(recipe.schedule().microBatch(), texts * config.seqLen());
  }

  /** Waits for all workers, also if one fails: the network is closed then. */
  private List<LearningTask.Sums> ended(List<Callable<LearningTask.Sums>> workers) {
    try {
      List<LearningTask.Sums> all = new ArrayList<>();
      for (Future<LearningTask.Sums> worker : threads.invokeAll(workers)) {
        all.add(worker.get());
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while training", e);
    } catch (ExecutionException e) {
      if (DeviceMemory.isExhausted(e.getCause())) {
        throw RecipeException.ofMemory(recipe.schedule().microBatch(), e);
      }
      if (e.getCause() instanceof RecipeException foreseen) {
        throw foreseen;
      }
      throw new IllegalStateException("A thread of the training failed: " + e.getCause(), e);
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** A seed of its own for each step. */
  private static long mixed(long seed, long epoch, long step) {
    return new SplittableRandom(new SplittableRandom(seed * 1_000_003 + epoch).nextLong() + step)
        .nextLong();
  }
}
