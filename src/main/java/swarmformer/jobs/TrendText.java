package swarmformer.jobs;

import java.io.PrintWriter;
import org.apache.hadoop.fs.Path;
import swarmformer.report.Pages;
import swarmformer.report.trend.TrendPage;

/** What a page of a trend says, for a person at a console. */
final class TrendText {
  private TrendText() {}

  static void print(TrendPage page, Path written, PrintWriter console) {
    ConsoleReport out = new ConsoleReport(console);
    out.title("%s. %s, %s", page.state(), page.headline(), page.period());
    out.line("latest", "%s", page.latest());
    page.accuracy().ifPresent(accuracy -> out.sentence("accuracy", accuracy + "."));
    page.findings().forEach(finding -> out.note("Warning", finding.toString()));
    out.note("Report", Pages.place(written.toString()));
    out.end();
  }
}
