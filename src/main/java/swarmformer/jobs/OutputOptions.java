package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where to write. */
final class OutputOptions {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory of all runs; this one becomes DIR/run=<run-id>.")
  Optional<String> output;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Name of this run. Default: the time and four random characters.")
  Optional<String> runId;

  @Option(names = "--overwrite", description = "Replace a run of the same id.")
  boolean overwrite;

  @Option(
      names = "--emit-ids",
      description =
          "Add the token ids of the untruncated texts to the predictions, for scoring with several models.")
  boolean emitIds;

  @Option(
      names = "--on-bad-row",
      paramLabel = "WHAT",
      defaultValue = "keep",
      description =
          "keep a row that cannot be scored, with an error, or fail. Default: ${DEFAULT-VALUE}.")
  String onBadRow;

  /** What clashes among the options, one sentence each. */
  List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (output.isEmpty()) {
      clashes.add("Missing --output.");
    }
    if (!onBadRow.equals("keep") && !onBadRow.equals("fail")) {
      clashes.add("--on-bad-row takes keep or fail, not '" + onBadRow + "'.");
    }
    return clashes;
  }

  /** The settings, once {@link #clashes} is empty. */
  ScoringRun.Output output() {
    return new ScoringRun.Output(
        output.orElseThrow(), runId, overwrite, emitIds, onBadRow.equals("fail"));
  }
}
