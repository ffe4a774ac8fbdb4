package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What to do with the nights of a store instead of scoring one. */
final class MaintenanceOptions {
  @Option(
      names = "--verify",
      description = "Only verify the store, or these nights of it, against its manifests.")
  boolean verify;

  @Option(
      names = "--acknowledge",
      description =
          "Only note that somebody has seen the closed gates of these nights: they exit with 0 again.")
  boolean acknowledge;

  /** Whether there is anything to do. */
  boolean isAsked() {
    return verify || acknowledge;
  }

  /** What clashes among the options, one sentence each. */
  List<String> clashes(NightlyOptions nights) {
    List<String> clashes = new ArrayList<>();
    if (verify && acknowledge) {
      clashes.add("--verify and --acknowledge exclude each other.");
    }
    if (acknowledge && nights.date.isEmpty() && nights.backfill.isEmpty()) {
      clashes.add("--acknowledge needs --date (or --backfill).");
    }
    return clashes;
  }
}
