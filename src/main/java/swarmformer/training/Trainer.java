package swarmformer.training;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.model.TrainableNetwork;

/**
 * Trains a network. The same recipe, texts, seed and workers give the same weights, however often
 * it was killed and started again.
 */
final class Trainer {
  private final Training training;
  private final Recipe recipe;
  private final SwarmFormerConfig config;
  private final TrainingTexts texts;
  private final Validation validation;
  private final SavedState saved;
  private final Duration betweenSaves;
  private final Duration betweenLines;
  private final Progress progress;
  private final int[] lengths;
  private final int batchesOfEpoch;
  private final double meanWeight;

  private TrainableNetwork network;
  private ExecutorService threads;
  private int epoch;
  private int batch;
  private double loss;
  private long known;
  private long labelled;
  private double secondsBefore;
  private long epochStart;
  private History history = new History(List.of());
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
      Progress progress) {
    this.training = training;
    this.recipe = training.recipe();
    this.config = training.config();
    this.texts = texts;
    this.validation =
        new Validation(texts.validation(), training.device(), recipe.schedule().microBatch());
    this.saved = saved;
    this.betweenSaves = betweenSaves;
    this.betweenLines = betweenLines;
    this.progress = progress;
    this.lengths =
        texts.training().stream()
            .mapToInt(text -> Math.min(text.tokens().length, config.seqLen()))
            .toArray();
    this.meanWeight =
        texts.training().stream().mapToDouble(Example::weight).average().orElseThrow();
    int batchSize = recipe.schedule().batchSize();
    this.batchesOfEpoch = (lengths.length + batchSize - 1) / batchSize;
  }

  /**
   * Trains to the end.
   *
   * @param first weights to start from
   * @param standing where to go on instead, if training was killed
   * @return what each epoch gave; the weights of the best are saved
   */
  History run(Weights first, Optional<SavedState.Standing> standing) throws IOException {
    threads = Executors.newFixedThreadPool(training.workers());
    try (TrainableNetwork loaded =
        new TrainableNetwork(
            config,
            first,
            recipe.dropout(),
            recipe.schedule().microBatch(),
            training.workers(),
            training.device())) {
      network = loaded;
      if (standing.isPresent()) {
        restore(standing.get());
      }
      while (epoch < recipe.schedule().epochs() && !history.outOf(recipe.schedule().patience())) {
        runEpoch();
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
    loss = standing.loss();
    known = standing.known();
    labelled = standing.labelled();
    secondsBefore = standing.seconds();
    history = standing.history();
  }

  private void runEpoch() throws IOException {
    epochStart = System.nanoTime();
    List<int[]> batches =
        EpochPlan.batches(
            lengths, recipe.schedule().batchSize(), new Random(mixed(training.seed(), epoch, -1)));
    network.drawMasks(mixed(training.seed(), epoch, -2));
    while (batch < batches.size()) {
      learn(batches.get(batch));
      batch++;
      if (since(lastLine).compareTo(betweenLines) >= 0) {
        lastLine = System.nanoTime();
        tell(batches.size());
      }
      if (since(lastSave).compareTo(betweenSaves) >= 0) {
        save();
      }
    }
    endEpoch(batches.size());
  }

  private void tell(int batches) {
    double share = (epoch + (double) batch / batches) / recipe.schedule().epochs();
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.steps(
        epoch + 1, share, loss / batch, known / (double) Math.max(1, labelled), learned / seconds);
  }

  private void endEpoch(int batches) throws IOException {
    boolean average = recipe.optimizer().averageDecay() > 0;
    Weights weights = average ? network.state().average() : network.state().current();
    Validation.Result result = validation.of(new Checkpoint(config, weights));
    History.Epoch ended =
        new History.Epoch(
            epoch + 1,
            loss / batches,
            known / (double) Math.max(1, labelled),
            result.loss(),
            result.accuracy(),
            seconds());
    history = history.plus(ended);
    if (history.best().orElseThrow().epoch() == ended.epoch()) {
      saved.saveBest(weights);
    }
    epoch++;
    batch = 0;
    loss = 0;
    known = 0;
    labelled = 0;
    secondsBefore = 0;
    epochStart = System.nanoTime();
    save();
    progress.epoch(ended);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - epochStart) / 1e9;
  }

  private void save() throws IOException {
    String name = "state-%d-%d.safetensors".formatted(epoch, batch);
    saved.save(
        new SavedState.Standing(
            saved.fingerprint(), name, epoch, batch, loss, known, labelled, seconds(), history),
        network.state().save());
    lastSave = System.nanoTime();
  }

  /** One step: the gradients of a batch, in pieces, and the optimizer's update. */
  private void learn(int[] rows) throws IOException {
    SplittableRandom random = new SplittableRandom(mixed(training.seed(), epoch, batch));
    List<Row> longestFirst = read(rows, random);
    int[] width =
        longestFirst.stream().mapToInt(row -> network.positions(row.ids.length)).toArray();
    List<List<int[]>> pieces =
        EpochPlan.pieces(width, recipe.schedule().microBatch(), training.workers());
    List<Future<Sums>> sums = new ArrayList<>();
    for (int worker = 0; worker < training.workers(); worker++) {
      int self = worker;
      SplittableRandom own = random.split();
      sums.add(threads.submit(() -> learn(self, longestFirst, pieces.get(self), own)));
    }
    for (Future<Sums> future : sums) {
      Sums sum = result(future);
      loss += sum.loss;
      known += sum.known;
      labelled += sum.labelled;
    }
    long made = (long) epoch * batchesOfEpoch + batch;
    long steps = (long) recipe.schedule().epochs() * batchesOfEpoch;
    network.step(recipe.optimizer().at(made, steps));
    learned += rows.length;
    if (!Double.isFinite(loss)) {
      throw new RecipeException(
          "Cannot go on: the loss is no number any more in epoch %d. Lower learning-rate or gradient-norm in the recipe."
              .formatted(epoch + 1));
    }
  }

  /** A text as a step reads it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(int[] ids, float[] target, int label) {}

  private record Sums(double loss, long known, long labelled) {}

  private List<Row> read(int[] rows, SplittableRandom random) {
    double weights = rows.length * meanWeight;
    List<Row> read = new ArrayList<>();
    for (int row : rows) {
      Example text = texts.variants().text(row, epoch);
      int places = text.places(config.seqLen());
      boolean elsewhere = random.nextDouble() < recipe.randomWindow();
      int[] ids = text.window(config.seqLen(), elsewhere ? random.nextInt(places) : 0);
      float[] target = text.target().of(ids);
      for (int i = 0; i < target.length; i++) {
        target[i] *= (float) (text.weight() / weights);
      }
      read.add(new Row(ids, target, text.label()));
    }
    read.sort(Comparator.comparingInt(row -> -row.ids.length));
    return read;
  }

  private Sums learn(int worker, List<Row> rows, List<int[]> pieces, SplittableRandom random) {
    double sum = 0;
    long right = 0;
    long withLabel = 0;
    for (int[] piece : pieces) {
      List<Row> some = Arrays.stream(piece).mapToObj(rows::get).toList();
      TrainableNetwork.Piece result =
          network.add(
              worker,
              some.stream().map(Row::ids).toArray(int[][]::new),
              some.stream().map(Row::target).toArray(float[][]::new),
              random.nextLong());
      sum += result.loss();
      for (int i = 0; i < piece.length; i++) {
        int label = some.get(i).label;
        withLabel += label == Labelled.UNLABELLED ? 0 : 1;
        right += Validation.greatest(result.logits()[i]) == label ? 1 : 0;
      }
    }
    return new Sums(sum, right, withLabel);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while training", e);
    } catch (ExecutionException e) {
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
