package swarmformer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import swarmformer.checkpoint.SwarmFormerConfig.Size;
import swarmformer.tokens.TruncationSide;

/** The JSON text of a {@link SwarmFormerConfig}. Serves one reading; not thread-safe. */
final class ConfigJson {
  private static final int MAX_BYTES = 1 << 20;
  private static final String TRUNCATION_SIDE = "truncation_side";
  private static final ObjectMapper TREES = new ObjectMapper();

  private final List<String> problems = new ArrayList<>();
  private final Map<Size, Long> sizes = new EnumMap<>(Size.class);
  private List<String> classNames = List.of();
  private TruncationSide truncationSide = TruncationSide.RIGHT;

  private ConfigJson() {}

  static SwarmFormerConfig read(byte[] json, String origin) {
    JsonNode root = root(json, origin);
    ConfigJson reading = new ConfigJson();
    reading.readSizes(root);
    reading.readClassNames(root.path("id2label"));
    reading.readTruncationSide(root.path(TRUNCATION_SIDE));
    return reading.config(origin);
  }

  static byte[] write(SwarmFormerConfig config) {
    ObjectNode root = TREES.createObjectNode();
    config.sizes().forEach((size, value) -> root.put(size.key, value));
    if (config.truncationSide() != TruncationSide.RIGHT) {
      root.put(TRUNCATION_SIDE, config.truncationSide().text());
    }
    if (!config.classNames().isEmpty()) {
      ObjectNode labels = root.putObject("id2label");
      config.classNames().forEach(name -> labels.put(String.valueOf(labels.size()), name));
    }
    try {
      return (TREES.writer(printer()).writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers is always JSON", e);
    }
  }

  /** The same line ends on every system, and no space before a colon. */
  private static DefaultPrettyPrinter printer() {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return printer;
  }

  private static JsonNode root(byte[] json, String origin) {
    if (json.length > MAX_BYTES) {
      throw refusal(origin, "it has " + json.length + " bytes, more than " + MAX_BYTES);
    }
    if (startsWithMark(json)) {
      throw refusal(origin, "it begins with a byte order mark (save it as UTF-8 without one)");
    }
    JsonNode root;
    try {
      root = StrictJson.tree(json);
    } catch (IOException e) {
      throw new ModelException(message(origin, "it " + StrictJson.reason(e)), e);
    }
    if (root.isMissingNode()) {
      throw refusal(origin, "the file is empty");
    }
    if (!root.isObject()) {
      throw refusal(origin, "it is " + shown(root) + ", not a JSON object");
    }
    return root;
  }

  private static boolean startsWithMark(byte[] json) {
    return json.length >= 3
        && json[0] == (byte) 0xEF
        && json[1] == (byte) 0xBB
        && json[2] == (byte) 0xBF;
  }

  private void readSizes(JsonNode root) {
    for (Size size : Size.values()) {
      JsonNode value = root.path(size.key);
      if (value.isMissingNode()) {
        problems.add(size.key + " is missing");
      } else if (value.isIntegralNumber() && value.canConvertToLong()) {
        sizes.put(size, value.longValue());
      } else {
        problems.add(size.refusal(shown(value)));
      }
    }
  }

  private void readClassNames(JsonNode labels) {
    if (labels.isMissingNode() || labels.isNull()) {
      return;
    }
    if (!labels.isObject()) {
      problems.add("id2label is " + shown(labels) + ", not an object from \"0\" to a name");
      return;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      JsonNode name = labels.path(String.valueOf(i));
      if (name.isMissingNode()) {
        problems.add("id2label has keys " + keys(labels) + ", which do not count from 0");
        return;
      }
      if (name.isTextual()) {
        names.add(name.textValue());
      } else {
        problems.add("id2label gives class " + i + " the name " + shown(name) + ", not a text");
      }
    }
    classNames = names;
  }

  private void readTruncationSide(JsonNode side) {
    if (side.isMissingNode() || side.isNull()) {
      return;
    }
    TruncationSide.of(side.asText())
        .ifPresentOrElse(
            known -> truncationSide = known,
            () ->
                problems.add(
                    TRUNCATION_SIDE + " is " + shown(side) + ", not \"right\" or \"left\""));
  }

  private SwarmFormerConfig config(String origin) {
    problems.addAll(SwarmFormerConfig.problems(sizes, classNames));
    if (!problems.isEmpty()) {
      throw refusal(origin, ModelException.listed(problems, "; "));
    }
    return new SwarmFormerConfig(
        size(Size.VOCAB_SIZE),
        size(Size.D_MODEL),
        size(Size.SEQ_LEN),
        size(Size.CLUSTER_SIZE),
        size(Size.NUM_LAYERS),
        size(Size.LOCAL_STEPS),
        classNames,
        truncationSide);
  }

  private int size(Size size) {
    return Math.toIntExact(sizes.get(size));
  }

  private static String keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(key -> keys.add(ModelException.quoted(key)));
    return ModelException.listed(keys, ", ");
  }

  private static String shown(JsonNode value) {
    return ModelException.shown(value.toString());
  }

  private static ModelException refusal(String origin, String why) {
    return new ModelException(message(origin, why));
  }

  private static String message(String origin, String why) {
    return "Cannot read the configuration from %s: %s. Give it the %s of the training run."
        .formatted(
            origin, why, "vocab_size, d_model, seq_len, cluster_size, num_layers and T_local");
  }
}
