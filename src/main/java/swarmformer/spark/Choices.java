package swarmformer.spark;

import java.util.List;

/** Checks of values that settings can take. */
final class Choices {
  private Choices() {}

  /** Says yes, or throws what says why not: MLlib's own message does not name the choices. */
  static boolean check(String name, String value, List<String> choices) {
    if (!choices.contains(value)) {
      throw new IllegalArgumentException(
          "%s takes %s or %s, not '%s'."
              .formatted(
                  name,
                  String.join(", ", choices.subList(0, choices.size() - 1)),
                  choices.get(choices.size() - 1),
                  value));
    }
    return true;
  }

  static boolean isPositive(Object batchSize) {
    if ((Integer) batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be at least 1, not " + batchSize + ".");
    }
    return true;
  }
}
