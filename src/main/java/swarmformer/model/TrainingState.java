package swarmformer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import swarmformer.checkpoint.Weights;
import swarmformer.checkpoint.Weights.Weight;

/** The weights in training, and what AdamW remembers of the gradients. Not thread-safe. */
public final class TrainingState {
  private final NDManager memory;
  private final DataType type;
  private final List<Weight> shapes;
  private final int classes;
  private final NDArray steps;

  /** Lists of tensors in model order, by the names that a saved state gives them. */
  private final Map<String, List<NDArray>> lists = new LinkedHashMap<>();

  TrainingState(NDManager memory, Weights start, DataType type) {
    this.memory = memory;
    this.type = type;
    this.shapes = start.tensors();
    this.classes = start.classes();
    this.steps = memory.zeros(new Shape(), DataType.FLOAT32);
    lists.put("weights", start.tensors().stream().map(weight -> tensor(weight)).toList());
    lists.put("first", zeros());
    lists.put("second", zeros());
    lists.put("averages", start.tensors().stream().map(weight -> tensor(weight)).toList());
  }

  /** Copied: the engine would share memory that Java frees. */
  private NDArray tensor(Weight weight) {
    try (NDArray shared =
        memory.create(
            FloatBuffer.wrap(weight.values()), new Shape(weight.shape()), DataType.FLOAT32)) {
      return shared.toType(type, false).duplicate();
    }
  }

  List<NDArray> zeros() {
    return shapes.stream().map(weight -> memory.zeros(new Shape(weight.shape()), type)).toList();
  }

  /** Keeps the weights and forgets the rest, as if training began with them. */
  public void beginAnew() {
    steps.muli(0);
    first().forEach(tensor -> tensor.muli(0));
    second().forEach(tensor -> tensor.muli(0));
    for (int i = 0; i < weights().size(); i++) {
      weights().get(i).copyTo(averages().get(i));
    }
  }

  /** The checkpoint's name of a tensor of each list. */
  String name(int index) {
    return shapes.get(index).name();
  }

  NDArray steps() {
    return steps;
  }

  List<NDArray> weights() {
    return lists.get("weights");
  }

  List<NDArray> first() {
    return lists.get("first");
  }

  List<NDArray> second() {
    return lists.get("second");
  }

  List<NDArray> averages() {
    return lists.get("averages");
  }

  /** The weights as they are after the last step. */
  public Weights current() {
    return new Weights(read(weights()), classes);
  }

  /** Their moving average. */
  public Weights average() {
    return new Weights(read(averages()), classes);
  }

  List<Weight> read(List<NDArray> tensors) {
    List<Weight> read = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      Weight shape = shapes.get(i);
      try (NDArray floats = tensors.get(i).toType(DataType.FLOAT32, true)) {
        read.add(new Weight(shape.name(), shape.shape(), floats.toFloatArray()));
      }
    }
    return read;
  }

  /** All of it, each tensor named by its list and its own name. */
  public List<Weight> save() {
    List<Weight> saved = new ArrayList<>();
    saved.add(new Weight("steps", List.of(), steps.toFloatArray()));
    lists.forEach(
        (list, tensors) ->
            read(tensors)
                .forEach(
                    tensor ->
                        saved.add(
                            new Weight(
                                list + "/" + tensor.name(), tensor.shape(), tensor.values()))));
    return saved;
  }

  /**
   * Goes back to what was saved.
   *
   * @param saved values by the names of {@link #save}
   */
  public void restore(Map<String, float[]> saved) {
    set(steps, saved.get("steps"));
    lists.forEach(
        (list, tensors) -> {
          for (int i = 0; i < tensors.size(); i++) {
            set(tensors.get(i), saved.get(list + "/" + shapes.get(i).name()));
          }
        });
  }

  private void set(NDArray tensor, float[] values) {
    try (NDArray floats =
            memory.create(FloatBuffer.wrap(values), tensor.getShape(), DataType.FLOAT32);
        NDArray given = floats.toType(tensor.getDataType(), true)) {
      given.copyTo(tensor);
    }
  }
}
