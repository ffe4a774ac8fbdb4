package swarmformer.data;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Options of Spark's readers, whose names differ in case at will. */
final class ReadOptions {
  private static final Map<String, String> ALIASES =
      Map.of("charset", "encoding", "delimiter", "sep");

  private ReadOptions() {}

  /** The value of an option; empty if it is not set. */
  static String get(Map<String, String> options, String name) {
    return options.entrySet().stream()
        .filter(option -> option.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  static boolean has(Map<String, String> options, String name) {
    return options.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  static boolean isTrue(Map<String, String> options, String name) {
    return Boolean.parseBoolean(get(options, name));
  }

  /** All options but some. */
  static Map<String, String> without(Map<String, String> options, Set<String> lowerCaseNames) {
    Map<String, String> rest = new HashMap<>(options);
    rest.keySet().removeIf(name -> lowerCaseNames.contains(name.toLowerCase(Locale.ROOT)));
    return rest;
  }

  /** With the first of two names that Spark has for the same; that one counts if both are set. */
  static Map<String, String> withoutAliases(Map<String, String> options) {
    Map<String, String> renamed = new HashMap<>(options);
    ALIASES.forEach(
        (alias, name) -> {
          if (has(renamed, alias)) {
            String value = get(renamed, alias);
            renamed.keySet().removeIf(alias::equalsIgnoreCase);
            if (!has(renamed, name)) {
              renamed.put(name, value);
            }
          }
        });
    return renamed;
  }

  /** Sets options over others of the same names. */
  static void addTo(Map<String, String> options, Map<String, String> further) {
    further.forEach(
        (name, value) -> {
          options.keySet().removeIf(name::equalsIgnoreCase);
          options.put(name, value);
        });
  }
}
