package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.checkpoint.WeightNames.Shaped;

class WeightCheckTest {
  private static final SwarmFormerConfig CONFIG =
      new SwarmFormerConfig(5, 2, 8, 4, 1, 1, List.of());
  private static final String START =
      "Cannot use weights from w.safetensors: they do not fit config.json. ";
  private static final String ADVICE =
      ". Take config.json and model.safetensors from the same checkpoint.";

  @Test
  void listsEverythingThatDoesNotFit() {
    List<Shaped> table = new ArrayList<>(WeightNames.inModelOrder(CONFIG, 2));
    table.removeIf(tensor -> tensor.name().startsWith("layers.0.global_attn.query"));
    table.set(0, new Shaped("module.embedding.embed.weight", List.of(5L, 2L)));
    table.set(1, new Shaped(table.get(1).name(), List.of(4L)));
    table.add(new Shaped("position", List.of()));
    refuses(
        CONFIG,
        table,
        "Missing (3): embedding.embed.weight (5, 2); layers.0.global_attn.query.weight (2, 2);"
            + " layers.0.global_attn.query.bias (2)."
            + " Not expected (2): module.embedding.embed.weight (5, 2); position ()."
            + " Misshapen (1): layers.0.local_agg.mlp.0.weight is (4), expected (2, 2)");
  }

  @Test
  void saysWhichWidthTheFileHas() {
    refusesWith(
        new SwarmFormerConfig(5, 4, 8, 4, 1, 1, List.of()),
        model(2),
        "config.json says d_model 4 but embedding.embed.weight is (5, 2). Misshapen (22): ",
        "layers.0.broadcast.gate_net.0.weight is (2, 4), expected (4, 8)");
  }

  @Test
  void saysWhichVocabularyTheFileHas() {
    refuses(
        new SwarmFormerConfig(6, 2, 8, 4, 1, 1, List.of()),
        WeightNames.inModelOrder(CONFIG, 2),
        "config.json says vocab_size 6 but embedding.embed.weight is (5, 2)."
            + " Misshapen (1): embedding.embed.weight is (5, 2), expected (6, 2)");
  }

  @Test
  void saysHowManyLayersTheFileHas() {
    SwarmFormerConfig three = new SwarmFormerConfig(5, 2, 8, 4, 3, 1, List.of());
    refusesWith(
        three, model(2), "config.json says num_layers 3 but the weights hold 1. Missing (40): ");
    refusesWith(
        CONFIG,
        SafetensorsFiles.model(three, 2, Dtype.F32),
        "config.json says num_layers 1 but the weights hold 3. Not expected (40): ");
  }

  @Test
  void shortensVeryLongLists() {
    SwarmFormerConfig deep = new SwarmFormerConfig(5, 2, 8, 4, 1000, 1, List.of());
    refusesWith(deep, model(2), "Missing (19980): ", "; and 19880 more");
  }

  @Test
  void refusesFileWithoutTensors() {
    refusesWith(
        CONFIG,
        SafetensorsFiles.raw("{}", 0),
        START + "Missing (23): embedding.embed.weight (5, 2); ",
        "classifier.bias (2)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void refusesFewerThanTwoClasses(int classes) {
    refuses(
        CONFIG,
        WeightNames.inModelOrder(CONFIG, classes),
        "The classifier has " + classes + " class, but at least 2 are needed");
  }

  @Test
  void refusesBiasOfOtherClasses() {
    List<Shaped> table = without("classifier.bias"::equals);
    table.add(new Shaped("classifier.bias", List.of(4L)));
    refuses(CONFIG, table, "Misshapen (1): classifier.bias is (4), expected (2)");
  }

  @Test
  void takesClassesFromTheBiasIfNeeded() {
    List<Shaped> table = without(name -> name.startsWith("classifier"));
    table.add(new Shaped("classifier.bias", List.of(4L)));
    refuses(CONFIG, table, "Missing (1): classifier.weight (4, 2)");
  }

  @Test
  void takesClassesFromTheNamesIfThereIsNoClassifier() {
    refuses(
        new SwarmFormerConfig(5, 2, 8, 4, 1, 1, List.of("a", "b", "c")),
        without(name -> name.startsWith("classifier")),
        "Missing (2): classifier.weight (3, 2); classifier.bias (3)");
  }

  @Test
  void refusesAClassifierWithoutDimensions() {
    List<Shaped> table = without("classifier.weight"::equals);
    table.add(new Shaped("classifier.weight", List.of()));
    refuses(CONFIG, table, "Misshapen (1): classifier.weight is (), expected (2, 2)");
  }

  @Test
  void refusesAnEmbeddingOfOtherThanTwoDimensions() {
    List<Shaped> table = without("embedding.embed.weight"::equals);
    table.add(new Shaped("embedding.embed.weight", List.of(10L)));
    refuses(CONFIG, table, "Misshapen (1): embedding.embed.weight is (10), expected (5, 2)");
  }

  @Test
  void refusesNamesThatAreCutShort() {
    List<Shaped> table = without(name -> false);
    table.add(new Shaped("layers.0", List.of()));
    refuses(CONFIG, table, "Not expected (1): layers.0 ()");
  }

  @Test
  void refusesOtherNumberOfClassNames() {
    refuses(
        new SwarmFormerConfig(5, 2, 8, 4, 1, 1, List.of("a", "b", "c")),
        WeightNames.inModelOrder(CONFIG, 2),
        "config.json names 3 classes in id2label but the classifier has 2");
  }

  private static List<Shaped> without(Predicate<String> name) {
    List<Shaped> table = new ArrayList<>(WeightNames.inModelOrder(CONFIG, 2));
    table.removeIf(tensor -> name.test(tensor.name()));
    return table;
  }

  private static byte[] model(int classes) {
    return SafetensorsFiles.model(CONFIG, classes, Dtype.F32);
  }

  private static Weights check(SwarmFormerConfig config, byte[] file) {
    return Weights.check(config, Safetensors.parse(file, "w.safetensors"), "w.safetensors");
  }

  private static void refuses(SwarmFormerConfig config, List<Shaped> table, String why) {
    SafetensorsFiles file = SafetensorsFiles.file();
    table.forEach(tensor -> file.random(tensor.name(), Dtype.F32, tensor.shape(), new Random(1)));
    assertThatThrownBy(() -> check(config, file.bytes()))
        .isInstanceOf(ModelException.class)
        .hasMessage(START + why + ADVICE);
  }

  private static void refusesWith(SwarmFormerConfig config, byte[] file, String... parts) {
    assertThatThrownBy(() -> check(config, file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(START)
        .hasMessageContainingAll(parts)
        .hasMessageEndingWith(ADVICE);
  }
}
