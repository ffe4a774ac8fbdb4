package swarmformer.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the lineage of nights goes: a file, an event on each line, or a server of OpenLineage. An
 * event that cannot be delivered changes nothing of the night.
 *
 * @param place a local file, or an address that begins with http:// or https://
 * @param token for a server
 * @param console where it is told that an event was not delivered
 */
record NightLineage(String place, Optional<String> token, PrintWriter console) {
  /** What OpenLineage calls what was not told otherwise. */
  private static final String DEFAULT_NAMESPACE = "default";

  /** What an option asks for, or OpenLineage's variables; absent if neither does. */
  static Optional<NightLineage> of(
      Optional<String> option, Map<String, String> environment, PrintWriter console) {
    Optional<String> token = Optional.ofNullable(environment.get("OPENLINEAGE_API_KEY"));
    return option
        .or(() -> Optional.ofNullable(environment.get("OPENLINEAGE_URL")))
        .map(place -> new NightLineage(place, token, console));
  }

  /** The namespace of jobs. */
  static String namespace(Map<String, String> environment) {
    return environment.getOrDefault("OPENLINEAGE_NAMESPACE", DEFAULT_NAMESPACE);
  }

  /** Delivers an event. */
  void emit(String event) {
    try {
      if (JsonPost.isAddress(place)) {
        JsonPost.send(place.replaceFirst("/+$", "") + "/api/v1/lineage", event, token);
      } else {
        Files.write(
            Path.of(place), List.of(event), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      console.println("Warning: the lineage was interrupted.");
    } catch (IOException | IllegalArgumentException e) {
      console.println(
          "Warning: the lineage was not delivered (%s). Check --lineage and OPENLINEAGE_URL."
              .formatted(e.getClass().getSimpleName()));
    }
  }
}
