package swarmformer.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
            .mapToObj(i -> read(texts.variants().text(rows[i], epoch), weights, random))
            .sorted(Comparator.comparingInt(text -> -text.ids.length))
            .toList());
  }

  private Text read(Example text, double weights, SplittableRandom random) {
    Recipe.Architecture network = recipe.architecture();
    boolean cropped = random.nextDouble() < recipe.crops().share();
    int[] ids =
        cropped ? crop(text, random) : text.window(network.seqLen(), network.truncationSide());
    float[] target = text.target().of(ids, cropped ? text.part(ids) : 1);
    for (int i = 0; i < target.length; i++) {
      target[i] *= (float) (text.weight() / weights);
    }
    return new Text(ids, target, text.label());
  }

  /** From a random place, of a length whose logarithm is uniformly distributed. */
  private int[] crop(Example text, SplittableRandom random) {
    int longest = text.read(recipe.architecture().seqLen());
    int shortest = Math.min(recipe.crops().minTokens(), longest);
    double ratio = (double) longest / shortest;
    int length = (int) Math.round(shortest * Math.pow(ratio, random.nextDouble()));
    return text.window(length, random.nextInt(text.places(length)));
  }

  /** A text as a step reads it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Text(int[] ids, float[] target, int label) {}

  private record Lesson(List<Text> texts) implements Step {
    @Override
    public List<int[]> ids() {
      return texts.stream().map(Text::ids).toList();
    }

    @Override
    public Sums learn(TrainableNetwork network, int worker, int[] some, long seed) {
      List<Text> piece = Arrays.stream(some).mapToObj(texts::get).toList();
      TrainableNetwork.Piece result =
          network.add(
              worker,
              piece.stream().map(Text::ids).toArray(int[][]::new),
              piece.stream().map(Text::target).toArray(float[][]::new),
              seed);
      long known = 0;
      long asked = 0;
      for (int i = 0; i < piece.size(); i++) {
        int label = piece.get(i).label;
        asked += label == Labelled.UNLABELLED ? 0 : 1;
        known += Validation.greatest(result.logits()[i]) == label ? 1 : 0;
      }
      return new Sums(result.loss(), known, asked);
    }
  }
}
