package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.checkpoint.Weights.Weight;

/**
 * The network with its optimizer: texts and targets in, better weights out.
 *
 * <p>Several threads add gradients at once, each as a worker of its own; one of them steps when all
 * are done. The same workers, texts and seeds give the same weights. {@link TorchEngine#start}
 * comes first.
 */
public final class TrainableNetwork implements AutoCloseable {
  private final SwarmFormerConfig config;
  private final int positions;
  private final DataType type;
  private final int computed;
  private final PtNDManager memory;
  private final PtSymbolBlock classifyProgram;
  private final PtSymbolBlock maskedProgram;
  private final PtSymbolBlock stepProgram;
  private final DropoutMasks masks;
  private final DropoutMasks noMasks;
  private final TrainingState state;
  private final List<List<NDArray>> gradients;

  /**
   * Loads weights to be trained.
   *
   * @param positions that a piece may have, of all its texts together, or those of one text
   * @param workers threads that add gradients at once
   * @param precision of the products of texts; weights, gradients and the optimizer are float32
   */
  public TrainableNetwork(
      SwarmFormerConfig config,
      Weights weights,
      Dropout dropout,
      int positions,
      int workers,
      Device device,
      Precision precision) {
    this(
        config,
        weights,
        dropout,
        positions,
        workers,
        device,
        DataType.FLOAT32,
        precision.torchCode());
  }

  TrainableNetwork(
      SwarmFormerConfig config,
      Weights weights,
      Dropout dropout,
      int positions,
      int workers,
      Device device,
      DataType type,
      int computed) {
    this.config = config;
    this.positions = Math.max(positions, config.seqLen());
    this.type = type;
    this.computed = computed;
    this.memory = TorchEngine.newManager(device);
    try {
      this.classifyProgram = NetworkProgram.load(memory, "sizes.py", "train.py", "classify.py");
      this.maskedProgram = NetworkProgram.load(memory, "sizes.py", "train.py", "masked.py");
      this.stepProgram = NetworkProgram.load(memory, "adamw.py");
      this.masks = new DropoutMasks(memory, dropout, longestMask(), 0);
      this.noMasks = new DropoutMasks(memory, Dropout.NONE, longestMask(), 0);
      this.state = new TrainingState(memory, weights, type);
      this.gradients = IntStream.range(0, workers).mapToObj(worker -> state.zeros()).toList();
    } catch (EngineException e) {
      memory.close();
      throw DeviceMemory.whileLoading(device, e);
    }
  }

  private int longestMask() {
    int clusters = config.seqLen() / config.clusterSize();
    return Math.max(positions * config.dModel(), positions / config.clusterSize() * clusters);
  }

  /** Draws the masks of dropout anew. */
  public void drawMasks(long seed) {
    masks.draw(seed);
  }

  /** Positions that a text of so many tokens takes in a piece of texts no longer than it. */
  public int positions(int tokens) {
    return CompactLength.of(tokens, config).layers().stream()
        .mapToInt(layer -> Math.max(layer.local(), layer.broadcast()))
        .max()
        .orElseThrow();
  }

  /**
   * What a piece gave.
   *
   * @param loss the sum over its texts of the cross entropy with their targets
   * @param logits (B, N), dropout included
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Piece(double loss, float[][] logits) {}

  /**
   * Adds the gradients of some texts to those of a worker.
   *
   * @param ids (B, any length from 1 to L), no more than fit a piece
   * @param targets (B, N) weight of each class in the loss
   * @param seed of dropout
   */
  public Piece add(int worker, int[][] ids, float[][] targets, long seed) {
    CompactLength length = length(ids);
    try (NDManager piece = memory.newSubManager()) {
      NDList inputs = new NDList();
      inputs.add(named("ids", ids(piece, ids, length.ids())));
      inputs.add(named("targets", matrix(piece, targets)));
      NDList results =
          gradients(classifyProgram, inputs, worker, masks, numbers(piece, length, seed));
      NDArray logits = results.get(1).toType(DataType.FLOAT32, false);
      return new Piece(
          results.get(0).toType(DataType.FLOAT64, false).getDouble(),
          rows(logits.toFloatArray(), targets[0].length));
    }
  }

  /**
   * What guessing the masked tokens of a piece gave.
   *
   * @param loss the sum of their cross entropies, weighted
   * @param right how many were guessed
   */
  public record Guesses(double loss, long right) {}

  /**
   * Adds the gradients of guessing masked tokens to those of a worker. Without dropout.
   *
   * @param ids (B, any length from 1 to L), no more than fit a piece, at least one of them masked
   * @param candidates (C) ids of different tokens that a guess chooses from
   * @param wanted (B, the length of its text) which of the candidates stands at a masked position;
   *     -1 elsewhere
   * @param weight of each guess in the loss
   */
  public Guesses addMasked(
      int worker, int[][] ids, int[] candidates, int[][] wanted, double weight) {
    CompactLength length = length(ids);
    try (NDManager piece = memory.newSubManager()) {
      NDList inputs = new NDList();
      inputs.add(named("ids", ids(piece, ids, length.ids())));
      inputs.add(named("places", longs(piece, places(wanted, length.encoded()))));
      inputs.add(
          named(
              "wanted",
              longs(
                  piece,
                  Stream.of(wanted)
                      .flatMapToInt(IntStream::of)
                      .filter(i -> i >= 0)
                      .asLongStream())));
      inputs.add(named("candidates", longs(piece, IntStream.of(candidates).asLongStream())));
      inputs.add(named("weight", piece.create(weight).toType(type, false)));
      NDList results = gradients(maskedProgram, inputs, worker, noMasks, numbers(piece, length, 0));
      return new Guesses(
          results.get(0).toType(DataType.FLOAT64, false).getDouble(), results.get(1).getLong());
    }
  }

  /** Masked positions, of the texts one behind the other. */
  private static LongStream places(int[][] wanted, int width) {
    return IntStream.range(0, wanted.length)
        .boxed()
        .flatMapToLong(
            row ->
                IntStream.range(0, wanted[row].length)
                    .filter(i -> wanted[row][i] >= 0)
                    .mapToLong(i -> (long) row * width + i));
  }

  private CompactLength length(int[][] ids) {
    return CompactLength.of(Stream.of(ids).mapToInt(row -> row.length).max().orElseThrow(), config);
  }

  private NDList gradients(
      PtSymbolBlock program, NDList inputs, int worker, DropoutMasks dropout, NDArray numbers) {
    TorchJni.prepareThread(true);
    inputs.add(named("numbers", numbers));
    addList(inputs, "pools[]", dropout.pools());
    addByName(inputs, "weights", state.weights());
    addByName(inputs, "gradients", gradients.get(worker));
    return TorchJni.run(program, inputs, true);
  }

  /**
   * Steps along the gradients of all workers, which are zero afterwards.
   *
   * @return the norm of their sum, before it was scaled down
   */
  public double step(AdamW settings) {
    TorchJni.prepareThread(false);
    try (NDManager step = memory.newSubManager()) {
      double[] numbers = settings.numbers();
      NDList inputs = new NDList();
      inputs.add(
          named(
              "numbers",
              step.create(
                  DoubleBuffer.wrap(numbers), new Shape(numbers.length), DataType.FLOAT64)));
      inputs.add(named("steps", state.steps()));
      addList(inputs, "weights[]", state.weights());
      addList(inputs, "gradients[]", gradients.stream().flatMap(List::stream).toList());
      addList(inputs, "first[]", state.first());
      addList(inputs, "second[]", state.second());
      addList(inputs, "averages[]", state.averages());
      NDList results = TorchJni.run(stepProgram, inputs, false);
      return results.get(0).toType(DataType.FLOAT64, false).getDouble();
    }
  }

  /** The weights, and what the optimizer remembers. */
  public TrainingState state() {
    return state;
  }

  /** Gradients of a worker, in model order. */
  List<Weight> gradients(int worker) {
    return state.read(gradients.get(worker));
  }

  private static NDArray ids(NDManager memory, int[][] ids, int length) {
    int[] flat = new int[ids.length * length];
    for (int row = 0; row < ids.length; row++) {
      System.arraycopy(ids[row], 0, flat, row * length, ids[row].length);
    }
    return memory.create(IntBuffer.wrap(flat), new Shape(ids.length, length), DataType.INT32);
  }

  private NDArray matrix(NDManager memory, float[][] rows) {
    FloatBuffer flat = FloatBuffer.allocate(rows.length * rows[0].length);
    Stream.of(rows).forEach(flat::put);
    NDArray matrix =
        memory.create(flat.rewind(), new Shape(rows.length, rows[0].length), DataType.FLOAT32);
    return matrix.toType(type, false);
  }

  private NDArray numbers(NDManager memory, CompactLength length, long seed) {
    LongStream network =
        LongStream.of(
            config.numLayers(), config.localSteps(), config.clusterSize(), config.seqLen());
    LongStream places = DropoutMasks.places(config, new SplittableRandom(seed));
    return longs(
        memory,
        Stream.of(network, length.sizes(), places, LongStream.of(computed))
            .flatMapToLong(numbers -> numbers));
  }

  private static NDArray longs(NDManager memory, LongStream stream) {
    long[] longs = stream.toArray();
    return memory.create(LongBuffer.wrap(longs), new Shape(longs.length), DataType.INT64);
  }

  private static NDArray named(String name, NDArray array) {
    array.setName(name);
    return array;
  }

  private static void addList(NDList inputs, String name, List<NDArray> arrays) {
    arrays.forEach(array -> inputs.add(named(name, array)));
  }

  /** A dictionary of tensors in model order, by the names of the checkpoint. */
  private void addByName(NDList inputs, String name, List<NDArray> arrays) {
    for (int i = 0; i < arrays.size(); i++) {
      inputs.add(named(name + "." + state.name(i), arrays.get(i)));
    }
  }

  private static float[][] rows(float[] flat, int classes) {
    List<float[]> rows = new ArrayList<>();
    for (int at = 0; at < flat.length; at += classes) {
      rows.add(Arrays.copyOfRange(flat, at, at + classes));
    }
    return rows.toArray(float[][]::new);
  }

  @Override
  public void close() {
    masks.close();
    noMasks.close();
    classifyProgram.close();
    maskedProgram.close();
    stepProgram.close();
    memory.close();
  }
}
