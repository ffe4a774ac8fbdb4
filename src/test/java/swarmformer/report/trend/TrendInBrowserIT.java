package swarmformer.report.trend;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.report.Browser;

/** The page of a year of nights as a person opens it. */
final class TrendInBrowserIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"390, LIGHT", "390, DARK", "1400, LIGHT", "1400, DARK"})
  void opensWithoutErrorOrRequest(int width, Browser.Theme theme) throws Exception {
    Browser browser = Browser.in(folder);
    Path page = Files.writeString(folder.resolve("t.html"), MadeUpNights.wandering(400).html());
    browser.assertOpens(page, width, theme);
  }
}
