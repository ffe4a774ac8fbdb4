package swarmformer.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import swarmformer.checkpoint.ModelException;

/**
 * What a hub says about one revision of a model.
 *
 * @param commit 40 hexadecimal digits
 * @param files those of {@link HubCache#FILES} that the model has, {@code model.safetensors} always
 */
record HubListing(String commit, List<HubFile> files) {
  private static final int NAMES_SHOWN = 20;

  /** Reads and checks the hub's answer. */
  static HubListing parse(HubModel model, byte[] json) {
    JsonNode root = tree(model, json);
    String commit = root.path("sha").asText();
    if (!HubModel.isCommit(commit) || (model.isPinned() && !commit.equals(model.revision()))) {
      throw malformed(model, "its commit ('sha') is '" + ModelException.shown(commit) + "'", null);
    }
    List<HubFile> files = new ArrayList<>();
    for (JsonNode sibling : root.path("siblings")) {
      if (HubCache.FILES.contains(sibling.path("rfilename").asText())) {
        files.add(file(model, sibling));
      }
    }
    if (files.stream().noneMatch(file -> file.name().equals(HubCache.WEIGHTS))) {
      throw withoutWeights(model, root.path("siblings"));
    }
    return new HubListing(commit, List.copyOf(files));
  }

  private static JsonNode tree(HubModel model, byte[] json) {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      if (root.isObject()) {
        return root;
      }
    } catch (IOException e) {
      throw malformed(model, "it is not JSON", e);
    }
    throw malformed(model, "it is not a JSON object", null);
  }

  private static HubFile file(HubModel model, JsonNode sibling) {
    boolean large = sibling.path("lfs").isObject();
    JsonNode size = large ? sibling.path("lfs").path("size") : sibling.path("size");
    String hash = (large ? sibling.path("lfs").path("sha256") : sibling.path("blobId")).asText();
    String name = sibling.path("rfilename").asText();
    if (!size.isIntegralNumber() || size.bigIntegerValue().signum() < 0) {
      throw malformed(
          model, "the size of " + name + " is '" + ModelException.shown(size.asText()) + "'", null);
    }
    if (!hash.matches(large ? "[0-9a-f]{64}" : "[0-9a-f]{40}")) {
      throw malformed(
          model, "the hash of " + name + " is '" + ModelException.shown(hash) + "'", null);
    }
    if (!size.canConvertToInt()) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "Cannot fetch %s: %s has %s bytes, and at most %d are read. Save the weights in F16 or BF16, or choose a smaller model.",
              model,
              name,
              size.asText(),
              Integer.MAX_VALUE));
    }
    return new HubFile(name, size.intValue(), hash);
  }

  private static ModelException withoutWeights(HubModel model, JsonNode siblings) {
    String names =
        StreamSupport.stream(siblings.spliterator(), false)
            .limit(NAMES_SHOWN)
            .map(sibling -> ModelException.shown(sibling.path("rfilename").asText()))
            .collect(Collectors.joining(", "));
    String more = siblings.size() > NAMES_SHOWN ? ", …" : "";
    return new ModelException(
        "Cannot fetch %s: it has no model.safetensors. Files found: %s. Choose a revision that has one, or convert the weights: pytorch_model.bin is not read."
            .formatted(model, names.isEmpty() ? "none" : names + more));
  }

  private static ModelException malformed(HubModel model, String what, IOException cause) {
    return new ModelException(
        "Cannot fetch %s: the hub's description of it cannot be used: %s. Check that HF_ENDPOINT is a Hugging Face hub."
            .formatted(model, what),
        cause);
  }
}
