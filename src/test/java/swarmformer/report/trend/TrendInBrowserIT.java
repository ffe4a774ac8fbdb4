package swarmformer.report.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.report.Browser;

/** The page of a year of nights as a person opens it. */
final class TrendInBrowserIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"390, false", "390, true", "1400, false", "1400, true"})
  void opensWithoutErrorOrRequest(int width, boolean dark) throws Exception {
    Optional<Browser> browser = Browser.find(folder);
    assumeTrue(browser.isPresent(), "There is no Chromium on the path");
    Path page = Files.writeString(folder.resolve("t.html"), MadeUpNights.wandering(400).html());
    Browser.Seen seen = browser.orElseThrow().open(page, width, dark);
    assertThat(seen.console()).isEmpty();
    assertThat(seen.requests()).isEmpty();
    BufferedImage picture = ImageIO.read(seen.picture().toFile());
    assertThat(picture.getWidth()).isEqualTo(width);
    assertThat(picture.getRGB(2, 2) & 0xff).isBetween(dark ? 0 : 200, dark ? 60 : 255);
  }
}
