package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.Locale;
import swarmformer.bench.Benchmark;
import swarmformer.bench.Figure;

/** The figures of a benchmark, for a person. */
final class BenchText {
  private BenchText() {}

  static void print(
      int texts, int threads, ModelOptions model, Benchmark.Result result, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%,d texts (%,.0f tokens and %,.0f positions each), %d threads, %s, %s%n",
        texts,
        (double) result.tokens() / texts,
        (double) result.positions() / texts,
        threads,
        model.model,
        result.precision());
    out.printf("  %-22s %10s %10s %10s%n", "", "median", "min", "max");
    line(out, "tokenizer, texts/s", result.tokenise());
    line(out, "network, texts/s", result.model());
    line(out, "both, texts/s", result.endToEnd());
    line(out, "both, tokens/s", result.endToEnd().times((double) result.tokens() / texts));
    line(out, "network, GFLOP/s", result.gflops());
    line(out, "large product, GFLOP/s", result.matmulGflops());
    out.printf(
        Locale.ROOT,
        "  The network runs at %.0f %% of the rate of a large matrix product.%n",
        100 * result.gflops().median() / result.matmulGflops().median());
  }

  /** What the whole job took, against its parts. */
  static void print(
      int texts, Benchmark.Result result, JobBenchmark.Seconds seconds, PrintWriter out) {
    line(out, "complete job, seconds", seconds.job());
    line(out, "  of it scoring", seconds.scoring());
    double parts = texts / result.tokenise().median() + texts / result.model().median();
    out.printf(
        Locale.ROOT,
        "  The job takes %.2f times as long as tokenizer and network alone (%.1f s).%n",
        seconds.job().median() / parts,
        parts);
  }

  private static void line(PrintWriter out, String name, Figure figure) {
    out.printf(
        Locale.ROOT,
        "  %-22s %10s %10s %10s%n",
        name,
        ConsoleReport.number(figure.median()),
        ConsoleReport.number(figure.least()),
        ConsoleReport.number(figure.greatest()));
  }
}
