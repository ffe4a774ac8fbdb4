package swarmformer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.LocalSpark;
import swarmformer.analysis.Analysis;
import swarmformer.metrics.Evaluation;

/** The report of 25,000 reviews as a person opens it. */
@Tag("long")
final class ReportInBrowserIT {
  private static final int REVIEWS = 25_000;
  private static final int MOST_BYTES = 1_500_000;

  @TempDir private static Path folder;
  private static Path page;

  @BeforeAll
  static void writePage() throws IOException {
    Dataset<Row> predictions = predictions();
    Dataset<Row> batches =
        LocalSpark.session()
            .range(98)
            .selectExpr("10000L AS positions", "500 + rand(5) * 900 AS model_ms");
    Evaluation evaluation = Evaluation.of(predictions, 2);
    Analysis analysis =
        Analysis.of(
            evaluation,
            predictions,
            batches,
            new Analysis.Questions(
                List.of("rating"),
                Optional.empty(),
                Optional.of(new Analysis.OtherRun("earlier", predictions))));
    page = folder.resolve("report.html");
    Files.writeString(page, HandmadePage.of(evaluation, analysis).html());
  }

  /** Reviews with random scores that favour the label, and texts that try to do harm. */
  private static Dataset<Row> predictions() {
    return LocalSpark.session()
        .range(REVIEWS)
        .selectExpr(
            "concat('train/', id) AS id",
            "int(id % 2) AS label",
            "int(id % 10) AS rating",
            "float(randn(1) + 3 * (id % 2) - 1.5) AS score",
            "int(10 + rand(2) * 247) AS tokens",
            "concat('<img src=\"http://127.0.0.1:9/x\"><script>console.log(1)</script>', id) AS text")
        .selectExpr(
            "*",
            "int(score > 0) AS prediction",
            "array(float(0), score) AS logits",
            "tokens = 256 AS truncated");
  }

  @Test
  void isSmallEnoughToSend() throws IOException {
    assertThat(Files.size(page)).isBetween(50_000L, (long) MOST_BYTES);
  }

  @ParameterizedTest
  @CsvSource({"390, LIGHT", "390, DARK", "1400, LIGHT", "1400, DARK"})
  void opensWithoutErrorOrRequest(int width, Browser.Theme theme) throws Exception {
    Browser.in(folder).assertOpens(page, width, theme);
  }

  /** A page that does both, so that their absence means something. */
  @Test
  void theBrowserSeesErrorsAndRequests() throws Exception {
    Path bad = folder.resolve("bad.html");
    Files.writeString(
        bad, "<img src='http://127.0.0.1:9/x.png'><script>console.log('bad')</script>");
    Browser.Seen seen = Browser.in(folder).open(bad, 390, Browser.Theme.LIGHT);
    assertThat(seen.console()).anyMatch(line -> line.contains("bad"));
    assertThat(seen.requests()).contains("http://127.0.0.1:9/x.png");
  }
}
