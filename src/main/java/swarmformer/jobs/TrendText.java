package swarmformer.jobs;

import java.io.PrintWriter;
import org.apache.hadoop.fs.Path;
import swarmformer.report.trend.TrendPage;

/** What a page of a trend says, for a person at a console. */
final class TrendText {
  private TrendText() {}

  static void print(TrendPage page, Path written, PrintWriter console) {
    Report out = new Report(console);
    out.title("%s. %s, %s", page.state(), page.headline(), page.period());
    out.line("latest", "%s", page.latest());
    page.accuracy().ifPresent(accuracy -> out.sentence("accuracy", accuracy + "."));
    page.findings().forEach(finding -> out.note("Warning", finding.toString()));
    out.note("Report", Report.plain(written.toString()));
    out.end();
  }
}
