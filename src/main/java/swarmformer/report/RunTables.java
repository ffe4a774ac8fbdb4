package swarmformer.report;

import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.measured;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.time;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import swarmformer.analysis.InputFacts;
import swarmformer.analysis.Latencies;
import swarmformer.metrics.RecordedRun;
import swarmformer.metrics.Versions;

/** Tables and the chart on how a run went and what it was made with. */
public record RunTables(RecordedRun run, InputFacts input, Latencies latencies) {
  /** Throughput and latency. */
  public Table speed() {
    List<Table.Row> rows = new ArrayList<>();
    rows.add(Table.Row.of("Texts a second", measured(run.textsPerSecond())));
    rows.add(Table.Row.of("Tokens a second", measured(run.tokensPerSecond())));
    if (latencies != null) {
      rows.add(Table.Row.of("Batches", count(latencies.batches())));
      rows.add(Table.Row.of("Batch latency, median", time(latencies.p50Ms())));
      rows.add(Table.Row.of("Batch latency, p95", time(latencies.p95Ms())));
      rows.add(Table.Row.of("Batch latency, p99", time(latencies.p99Ms())));
      rows.add(Table.Row.of("Batch latency, max", time(latencies.maxMs())));
      if (run.scored() > 0) {
        rows.add(Table.Row.of("Network for a text", time(run.modelMs() / run.scored())));
      }
    }
    rows.add(Table.Row.of("Scoring", time((double) run.scoreMs())));
    rows.add(Table.Row.of("Whole run", time((double) run.totalMs())));
    if (run.peakProcessBytes() != null) {
      rows.add(Table.Row.of("Peak memory", measured(run.peakProcessBytes() / 1e9) + " GB"));
    }
    rows.add(Table.Row.of("Device", String.join(", ", run.devices())));
    return Table.of(List.of("", ""), rows);
  }

  /** Batches by latency. */
  public BarChart latency() {
    List<Latencies.Bin> bins = latencies.bins();
    long most = bins.stream().mapToLong(Latencies.Bin::batches).max().orElse(1);
    double scale = latencies.maxMs() < 1_000 ? 1 : 1_000;
    return BarChart.of(
        "Batch latency",
        "How long the network took for the %s batches.".formatted(count(latencies.batches())),
        new Plot(
            Axis.ofNumbers(scale == 1 ? "Milliseconds" : "Seconds", 0, latencies.maxMs() / scale),
            Axis.ofNumbers("Batches", 0, Math.max(5.0, (double) most))),
        bins.stream()
            .map(
                bin ->
                    new BarChart.Bar(
                        bin.fromMs() / scale,
                        bin.toMs() / scale,
                        bin.batches(),
                        "%s batches of %s to %s"
                            .formatted(count(bin.batches()), time(bin.fromMs()), time(bin.toMs()))))
            .toList());
  }

  /** What the rows are like. */
  public Table data() {
    List<Table.Row> rows = new ArrayList<>();
    rows.add(Table.Row.of("Rows", count(input.rows())));
    rows.add(Table.Row.of("With a prediction", count(run.scored())));
    run.errors()
        .forEach((error, number) -> rows.add(Table.Row.of("Without: " + error, count(number))));
    rows.add(Table.Row.of("Distinct ids", count(input.distinctIds())));
    rows.add(
        Table.Row.of(
            "Repeated ids",
            input.repeatedIds() == 0
                ? "none"
                : "%s, on %s rows"
                    .formatted(count(input.repeatedIds()), count(input.rowsOfRepeatedIds()))));
    if (input.tokens() != null) {
      rows.add(
          Table.Row.of(
              "Truncated",
              "%s (%s)"
                  .formatted(
                      count(input.truncated()),
                      percent((double) input.truncated() / run.scored()))));
    }
    return Table.of(List.of("", ""), rows);
  }

  /** How long the texts are. */
  public Table lengths() {
    InputFacts.Lengths tokens = input.tokens();
    return Table.of(
        List.of("Tokens", ""),
        List.of(
            Table.Row.of("Shortest", count(tokens.least())),
            Table.Row.of("5th percentile", measured(tokens.p5())),
            Table.Row.of("25th percentile", measured(tokens.p25())),
            Table.Row.of("Median", measured(tokens.median())),
            Table.Row.of("75th percentile", measured(tokens.p75())),
            Table.Row.of("95th percentile", measured(tokens.p95())),
            Table.Row.of("Longest", count(tokens.greatest())),
            Table.Row.of("Mean", measured(tokens.mean()))));
  }

  /** What it was made with. */
  public Table made() {
    Versions versions = run.versions();
    return Table.of(
        List.of("", ""),
        List.of(
            Table.Row.of("Model", Pages.place(run.facts().modelName())),
            Table.Row.of("SHA-256 of its weights", run.facts().modelSha256()),
            Table.Row.of("Parameters", count(run.facts().modelParameters())),
            Table.Row.of("Configuration", oneLine(run.facts().modelConfig())),
            Table.Row.of("Number format", run.facts().dtype()),
            Table.Row.of("Started", run.facts().started().toString()),
            Table.Row.of(
                "Versions",
                "swarmformer-spark %s, Java %s, Spark %s, DJL %s, libtorch %s"
                    .formatted(
                        versions.project(),
                        versions.java(),
                        versions.spark(),
                        versions.djl(),
                        versions.pytorch()))));
  }

  private static String oneLine(String json) {
    return json.lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
