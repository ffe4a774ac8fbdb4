package swarmformer.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import swarmformer.model.Logits;
import swarmformer.model.TrainableNetwork;

/** Learns the classes of texts. */
final class Classification implements LearningTask {
  private final Recipe recipe;
  private final TrainingTexts texts;
  private final int[] rows;
  private final double meanWeight;
  private final int[] lengths;

  /** Leaves out texts without weight. */
  Classification(Recipe recipe, TrainingTexts texts) {
    this.recipe = recipe;
    this.texts = texts;
    List<Example> all = texts.training();
    this.rows = IntStream.range(0, all.size()).filter(row -> all.get(row).weight() > 0).toArray();
    this.meanWeight =
        Arrays.stream(rows).mapToDouble(row -> all.get(row).weight()).average().orElseThrow();
    int longest = recipe.architecture().seqLen();
    this.lengths = Arrays.stream(rows).map(row -> all.get(row).read(longest)).toArray();
  }

  @Override
  public int[] lengths() {
    return lengths;
  }

  @Override
  public Step read(int[] some, int epoch, SplittableRandom random) {
    double weights = some.length * meanWeight;
    return new Lesson(
        Arrays.stream(some)
            .mapToObj(i -> read(texts.variants().text(rows[i], epoch), random))
            .sorted(Comparator.comparingInt(text -> -text.passage.ids().length))
            .toList(),
        weights,
        texts.teachers());
  }

  private Text read(Example text, SplittableRandom random) {
    Recipe.Architecture network = recipe.architecture();
    return new Text(
        text,
        random.nextDouble() < recipe.crops().share()
            ? Passage.crop(text, recipe.crops().minTokens(), network.seqLen(), random)
            : Passage.window(text, network));
  }

  /** A text as a step reads it. */
  private record Text(Example example, Passage passage) {
    /** The weight of each class in the loss. */
    float[] target(double[] networks, double weights) {
      float[] target = example.target().of(passage, networks);
      for (int i = 0; i < target.length; i++) {
        target[i] *= (float) (example.weight() / weights);
      }
      return target;
    }
  }

  /** The teachers speak where a worker learns, so that all cores serve them. */
  private record Lesson(List<Text> texts, double weights, NetworkTeachers teachers)
      implements Step {
    @Override
    public List<int[]> ids() {
      return texts.stream().map(text -> text.passage.ids()).toList();
    }

    @Override
    public Sums learn(TrainableNetwork network, int worker, int[] some, long seed) {
      List<Text> piece = Arrays.stream(some).mapToObj(texts::get).toList();
      int[][] ids = piece.stream().map(text -> text.passage.ids()).toArray(int[][]::new);
      double[][] networks = teachers.logShares(ids);
      float[][] targets = new float[ids.length][];
      Arrays.setAll(targets, i -> piece.get(i).target(networks[i], weights));
      TrainableNetwork.Piece result = network.add(worker, ids, targets, seed);
      long known = 0;
      long asked = 0;
      for (int i = 0; i < piece.size(); i++) {
        int label = piece.get(i).example.label();
        asked += label == Labelled.UNLABELLED ? 0 : 1;
        known += Logits.greatest(result.logits()[i]) == label ? 1 : 0;
      }
      return new Sums(result.loss(), known, asked);
    }
  }
}
