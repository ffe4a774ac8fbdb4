package swarmformer.models;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import swarmformer.checkpoint.ModelException;

/**
 * The name of a model on a hub, safe to use in a path and in a URL.
 *
 * @param name owner and model, {@code org/name}
 * @param revision a branch, a tag or a commit
 */
record HubModel(String name, String revision) {
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,95}/\\w[\\w.-]{0,95}");
  private static final Pattern REVISION = Pattern.compile("\\w[\\w./-]{0,99}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  HubModel {
    if (!NAME.matcher(name).matches() || name.contains("..") || name.contains("--")) {
      throw new ModelException(
          "Cannot fetch the model '%s': it is not the name of a model on a hub. Give org/name, two parts of ASCII letters, digits, '.', '_' and '-', without '..' and '--'."
              .formatted(name));
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new ModelException(
          "Cannot fetch %s at revision '%s': it is not a revision. Give a branch, a tag or a commit of ASCII letters, digits, '.', '_', '-' and '/', without '..'."
              .formatted(name, revision));
    }
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  boolean isPinned() {
    return isCommit(revision);
  }

  /** One directory for each model: no name holds the separator. */
  String folder() {
    return name.replace("/", "--");
  }

  /** The revision as one segment of a path or a URL. */
  String revisionSegment() {
    return URLEncoder.encode(revision, StandardCharsets.UTF_8);
  }

  String listingPath() {
    return "/api/models/%s/revision/%s?blobs=true".formatted(name, revisionSegment());
  }

  String filePath(String commit, String file) {
    return "/%s/resolve/%s/%s".formatted(name, commit, file);
  }

  @Override
  public String toString() {
    return name + "@" + revision;
  }
}
