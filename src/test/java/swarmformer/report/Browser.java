package swarmformer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import swarmformer.Golden;

/**
 * Chromium without a window.
 *
 * @param program the program
 * @param folder where it keeps what it writes
 */
public record Browser(Path program, Path folder) {
  private static final long LIMIT_SEC = 60;

  /** Who asks for what Chromium itself wants to know from its makers. */
  private static final String CHROMIUM = "not an origin";

  /**
   * What became of a page.
   *
   * @param console what it wrote to the console, errors among it
   * @param requests what it asked for beyond itself
   * @param picture how it looks
   */
  public record Seen(List<String> console, List<String> requests, Path picture) {}

  /** The colours that a person has asked for. */
  public enum Theme {
    LIGHT,
    DARK
  }

  /** The one on this machine; skips the test where there is none. */
  public static Browser in(Path folder) {
    Optional<Browser> browser = find(folder);
    assumeTrue(browser.isPresent(), "There is no Chromium on the path");
    return browser.orElseThrow();
  }

  private static Optional<Browser> find(Path folder) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            place ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Browser(program, folder));
  }

  /** Checks that a page fills a window in the right colours, without an error or a request. */
  public void assertOpens(Path page, int width, Theme theme)
      throws IOException, InterruptedException {
    Seen seen = open(page, width, theme);
    assertThat(seen.console()).isEmpty();
    assertThat(seen.requests()).isEmpty();
    BufferedImage picture = ImageIO.read(seen.picture().toFile());
    assertThat(picture.getWidth()).isEqualTo(width);
    boolean isDark = theme == Theme.DARK;
    assertThat(picture.getRGB(2, 2) & 0xff).isBetween(isDark ? 0 : 200, isDark ? 60 : 255);
  }

  /** Opens a page in a window of that width. */
  public Seen open(Path page, int width, Theme theme) throws IOException, InterruptedException {
    Path picture = folder.resolve("picture.png");
    Path requests = folder.resolve("requests.json");
    Path console = folder.resolve("console");
    Files.deleteIfExists(picture);
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox", // it does not start as root with one
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile"),
                "--log-net-log=" + requests,
                "--window-size=" + width + ",1600",
                "--screenshot=" + picture));
    if (theme == Theme.DARK) {
      command.add("--force-dark-mode");
    }
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(console.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT_SEC, TimeUnit.SECONDS) || !Files.exists(picture)) {
        throw new IOException("Chromium did not show the page: " + Files.readString(console));
      }
    } finally {
      process.destroyForcibly();
    }
    return new Seen(consoleOf(console), requestsIn(requests), picture);
  }

  private static List<String> consoleOf(Path log) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.contains(":CONSOLE")).toList();
  }

  private static List<String> requestsIn(Path log) {
    List<String> requests = new ArrayList<>();
    for (JsonNode event : Golden.json(log).get("events")) {
      JsonNode facts = event.path("params");
      if (facts.has("url") && !facts.path("initiator").asText(CHROMIUM).equals(CHROMIUM)) {
        requests.add(facts.get("url").asText());
      }
    }
    return requests;
  }
}
