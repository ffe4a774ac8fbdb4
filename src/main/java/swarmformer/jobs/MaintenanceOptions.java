package swarmformer.jobs;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @Option(
      names = "--drop-before",
      paramLabel = "YYYY-MM-DD",
      converter = NightlyOptions.Days.class,
      description = "Only remove the nights before that date from the store.")
  Optional<LocalDate> dropBefore;

  @Option(
      names = "--delete-ids",
      paramLabel = "FILE",
      description = "Only delete the rows of these ids, one a line, from all nights of the store.")
  Optional<String> deleteIds;

  /** Whether there is anything to do. */
  boolean isAsked() {
    return !asked().isEmpty();
  }

  /** What clashes among the options, one sentence each. */
  List<String> clashes(NightlyOptions nights) {
    List<String> clashes = new ArrayList<>();
    if (asked().size() > 1) {
      clashes.add(String.join(" and ", asked()) + " exclude each other.");
    }
    if (acknowledge && nights.date.isEmpty() && nights.backfill.isEmpty()) {
      clashes.add("--acknowledge needs --date (or --backfill).");
    }
    boolean ofAllNights = dropBefore.isPresent() || deleteIds.isPresent();
    if (ofAllNights && (nights.date.isPresent() || nights.backfill.isPresent())) {
      clashes.add(asked().get(0) + " goes without --date and --backfill.");
    }
    return clashes;
  }

  private List<String> asked() {
    List<String> asked = new ArrayList<>();
    if (verify) {
      asked.add("--verify");
    }
    if (acknowledge) {
      asked.add("--acknowledge");
    }
    dropBefore.ifPresent(date -> asked.add("--drop-before"));
    deleteIds.ifPresent(file -> asked.add("--delete-ids"));
    return asked;
  }
}
