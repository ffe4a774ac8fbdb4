package swarmformer.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import swarmformer.nightly.NightAction;
import swarmformer.store.Manifest;

/**
 * Tells a person of a night whose gate has closed or that failed: a command gets the night as JSON
 * on its standard input, an address by POST. An alert that fails changes nothing of the night.
 *
 * @param target a command of the shell, or an address that begins with http:// or https://
 * @param console where an alert that fails is told
 */
record NightAlert(String target, PrintWriter console) {
  /** Tells of a gate that has closed. */
  void gateClosed(NightAction.Result night, Manifest manifest) {
    Map<String, Object> facts = facts(night.date(), "gate closed", ExitCode.GATE);
    facts.put("findings", manifest.warnings());
    facts.put("place", night.place());
    facts.put("manifest", manifest);
    send(facts);
  }

  /** Tells that a job failed; of no night in particular if it failed before it began one. */
  void failed(Optional<LocalDate> night, Exception failure) {
    Map<String, Object> facts = facts(night.orElse(null), "failed", ExitCode.of(failure));
    facts.put("findings", List.of(String.valueOf(failure.getMessage())));
    send(facts);
  }

  private static Map<String, Object> facts(LocalDate night, String state, int code) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("night", night == null ? null : night.toString());
    facts.put("state", state);
    facts.put("exit_code", code);
    return facts;
  }

  private void send(Map<String, Object> facts) {
    String json = Manifest.write(facts);
    try {
      if (JsonPost.isAddress(target)) {
        JsonPost.send(target, json, Optional.empty());
      } else {
        run(json);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      console.println("Warning: the alert was interrupted.");
    } catch (IOException | IllegalArgumentException e) {
      console.println(
          "Warning: the alert was not delivered (%s). Check --alert."
              .formatted(e.getClass().getSimpleName() + reason(e)));
    }
  }

  /** Messages about an address may hold it. */
  private String reason(Exception e) {
    String message = String.valueOf(e.getMessage());
    return e instanceof IOException && !message.contains(target) && e.getMessage() != null
        ? ": " + message
        : "";
  }

  private void run(String json) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", target)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Thread writing = new Thread(() -> write(json, process.getOutputStream()), "alert");
    writing.setDaemon(true); // it waits for as long as the command lives and does not read
    writing.start();
    if (!process.waitFor(JsonPost.TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the command took more than " + JsonPost.TIMEOUT.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException("the command ended with exit code " + process.exitValue());
    }
  }

  private static void write(String json, OutputStream input) {
    try (input) {
      input.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A command need not read it; its exit code tells whether it failed.
    }
  }
}
