package swarmformer.checkpoint;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import swarmformer.tokens.TruncationSide;

/**
 * The sizes of a SwarmFormer network, as its {@code config.json} gives them. An instance is always
 * valid: every number is positive and bounded, so that the product of {@code dModel} and any other
 * size fits an {@code int}, and {@code seqLen} is divisible by {@code clusterSize}.
 *
 * @param vocabSize number of token ids ({@code vocab_size})
 * @param dModel width of the network, D ({@code d_model})
 * @param seqLen tokens of a text, padding included ({@code seq_len})
 * @param clusterSize neighbouring tokens that share a cluster ({@code cluster_size})
 * @param numLayers number of layers ({@code num_layers})
 * @param localSteps local steps in each layer ({@code T_local})
 * @param classNames names of the classes in order ({@code id2label}), empty if not given
 * @param truncationSide the end that is cut off longer texts ({@code truncation_side}, a word that
 *     Hugging Face's tokenizers have for it, which the published models lack); right if not given
 */
public record SwarmFormerConfig(
    int vocabSize,
    int dModel,
    int seqLen,
    int clusterSize,
    int numLayers,
    int localSteps,
    List<String> classNames,
    TruncationSide truncationSide)
    implements Serializable {

  private static final Map<String, SwarmFormerConfig> PUBLISHED =
      Map.of(
          "takara-ai/SwarmFormer-Sentiment-Small",
          new SwarmFormerConfig(30_522, 128, 256, 8, 2, 3, List.of()),
          "takara-ai/SwarmFormer-Sentiment-Base",
          new SwarmFormerConfig(30_522, 192, 768, 4, 2, 3, List.of()));

  /** A network that reads the beginning of longer texts. */
  public SwarmFormerConfig(
      int vocabSize,
      int dModel,
      int seqLen,
      int clusterSize,
      int numLayers,
      int localSteps,
      List<String> classNames) {
    this(
        vocabSize,
        dModel,
        seqLen,
        clusterSize,
        numLayers,
        localSteps,
        classNames,
        TruncationSide.RIGHT);
  }

  /**
   * Refuses sizes that no network can have.
   *
   * @throws ModelException with everything that is wrong
   */
  public SwarmFormerConfig {
    classNames = List.copyOf(classNames);
    List<String> problems =
        problems(sizes(vocabSize, dModel, seqLen, clusterSize, numLayers, localSteps), classNames);
    if (!problems.isEmpty()) {
      throw new ModelException(
          "Cannot use this configuration: "
              + String.join("; ", problems)
              + ". Correct the values.");
    }
  }

  /**
   * Reads a {@code config.json}. Keys it does not know are ignored.
   *
   * @param json the bytes of the file
   * @param origin where the bytes come from, for messages
   * @throws ModelException with everything that is missing or wrong
   */
  public static SwarmFormerConfig parse(byte[] json, String origin) {
    return ConfigJson.read(json, origin);
  }

  /**
   * The configuration of a checkpoint that is published without {@code config.json}.
   *
   * @param hubName owner and name on the Hugging Face hub
   */
  public static Optional<SwarmFormerConfig> published(String hubName) {
    return Optional.ofNullable(PUBLISHED.get(hubName));
  }

  /** The bytes of a {@code config.json} that {@link #parse} reads; equal for equal values. */
  public byte[] toJson() {
    return ConfigJson.write(this);
  }

  /** Names of so many classes: those given, or the usual ones. */
  public List<String> classNames(int classes) {
    if (classNames.size() == classes) {
      return classNames;
    }
    return classes == 2
        ? List.of("negative", "positive")
        : IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
  }

  /** The six sizes by their keys in {@code config.json}, in its order. */
  public Map<String, Long> hyperParameters() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes().forEach((size, value) -> sizes.put(size.key, value));
    return sizes;
  }

  /** The six sizes, in the order of {@code config.json}. */
  Map<Size, Long> sizes() {
    return sizes(vocabSize, dModel, seqLen, clusterSize, numLayers, localSteps);
  }

  private static Map<Size, Long> sizes(
      long vocabSize, long dModel, long seqLen, long clusterSize, long numLayers, long localSteps) {
    return new EnumMap<>(
        Map.of(
            Size.VOCAB_SIZE, vocabSize,
            Size.D_MODEL, dModel,
            Size.SEQ_LEN, seqLen,
            Size.CLUSTER_SIZE, clusterSize,
            Size.NUM_LAYERS, numLayers,
            Size.LOCAL_STEPS, localSteps));
  }

  /** What is wrong with these sizes, of which some may be absent, and with these class names. */
  static List<String> problems(Map<Size, Long> sizes, List<String> classNames) {
    List<String> problems = new ArrayList<>();
    Map<Size, Long> valid = new EnumMap<>(Size.class);
    sizes.forEach(
        (size, value) -> {
          if (value >= size.min && value <= size.max) {
            valid.put(size, value);
          } else {
            problems.add(size.refusal(String.valueOf(value)));
          }
        });
    problems.addAll(unfitPairs(valid));
    problems.addAll(unfitNames(classNames));
    return problems;
  }

  private static List<String> unfitPairs(Map<Size, Long> sizes) {
    List<String> problems = new ArrayList<>();
    long length = sizes.getOrDefault(Size.SEQ_LEN, 0L);
    long cluster = sizes.getOrDefault(Size.CLUSTER_SIZE, 1L);
    if (length % cluster != 0) {
      problems.add("seq_len is " + length + ", not divisible by cluster_size " + cluster);
    }
    long embedding = sizes.getOrDefault(Size.VOCAB_SIZE, 0L) * sizes.getOrDefault(Size.D_MODEL, 0L);
    if (embedding * Float.BYTES > Integer.MAX_VALUE) {
      problems.add(
          "vocab_size times d_model is " + embedding + ", more than 2 GB of float32 weights");
    }
    return problems;
  }

  private static List<String> unfitNames(List<String> classNames) {
    List<String> problems = new ArrayList<>();
    if (classNames.stream().anyMatch(String::isBlank)) {
      problems.add("id2label has a blank class name");
    }
    if (new HashSet<>(classNames).size() != classNames.size()) {
      problems.add("id2label gives two classes the same name");
    }
    return problems;
  }

  /**
   * The keys of {@code config.json} in its order, with the least value that makes sense (a text
   * takes two positions before it has a token) and the largest that is believed.
   */
  enum Size {
    VOCAB_SIZE("vocab_size", 1, 10_000_000),
    D_MODEL("d_model", 1, 8_192),
    SEQ_LEN("seq_len", 3, 65_536),
    CLUSTER_SIZE("cluster_size", 1, 65_536),
    NUM_LAYERS("num_layers", 1, 1_000),
    LOCAL_STEPS("T_local", 1, 1_000);

    final String key;
    private final int min;
    private final int max;

    Size(String key, int min, int max) {
      this.key = key;
      this.min = min;
      this.max = max;
    }

    String refusal(String value) {
      return key + " is " + value + ", not a whole number from " + min + " to " + max;
    }
  }
}
