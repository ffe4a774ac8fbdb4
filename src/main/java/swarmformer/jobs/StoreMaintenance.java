package swarmformer.jobs;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import swarmformer.data.Publication;
import swarmformer.errors.InputException;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/** Verifies nights of a store, or changes what it says of them. */
final class StoreMaintenance {
  private final CommandSpec spec;
  private final NightStore store;
  private final boolean isTable;
  private final Report out;

  StoreMaintenance(CommandSpec spec, NightStore store, boolean isTable) {
    this.spec = spec;
    this.store = store;
    this.isTable = isTable;
    this.out = new Report(spec.commandLine().getOut());
  }

  /** Does what is asked, for some nights or all, and gives the exit code. */
  int run(MaintenanceOptions asked, List<LocalDate> dates) {
    return asked.acknowledge ? acknowledge(dates) : verify(dates);
  }

  private int verify(List<LocalDate> asked) {
    List<LocalDate> dates = asked.isEmpty() ? store.dates() : asked;
    if (dates.isEmpty()) {
      throw new InputException(
          "Cannot verify %s: there is no night in it. Check --store and --store-format."
              .formatted(place()));
    }
    int different = 0;
    for (LocalDate date : dates) {
      if (isTable && store.manifest(date).isEmpty()) {
        out.line(date.toString(), "not verified: the table has forgotten its commit");
        continue;
      }
      List<String> differences = differences(date);
      different += differences.isEmpty() ? 0 : 1;
      out.line(
          date.toString(),
          "%s",
          differences.isEmpty() ? "as published" : String.join("; ", differences));
    }
    out.end();
    if (different > 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Verification failed for %s: %,d of %,d nights differ from what was published. See above; --overwrite scores a night again.",
              place(),
              different,
              dates.size()));
    }
    return ExitCode.DONE;
  }

  private List<String> differences(LocalDate date) {
    Optional<Manifest> manifest = store.manifest(date);
    return manifest.isPresent()
        ? store.differences(manifest.get())
        : List.of("the store has no manifest of it");
  }

  private int acknowledge(List<LocalDate> dates) {
    String command = CommandText.of(spec);
    for (LocalDate date : dates) {
      try (Publication publication = store.begin(date)) {
        Manifest night = manifest(date);
        if (night.needsAcknowledgement()) {
          store.amend(
              publication,
              night.withAcknowledgement(
                  new Manifest.Acknowledgement(Instant.now().toString(), command)));
        }
        out.line(
            date.toString(),
            "%s",
            night.warnings().isEmpty()
                ? "no gate has closed"
                : "acknowledged: " + String.join("; ", night.warnings()));
      }
    }
    out.end();
    return ExitCode.DONE;
  }

  private Manifest manifest(LocalDate date) {
    return store
        .manifest(date)
        .orElseThrow(
            () ->
                new InputException(
                    "Cannot acknowledge night %s of %s: the store has no manifest of it. Check --store, --store-format and --date."
                        .formatted(date, place())));
  }

  private String place() {
    return Report.plain(store.root().toString());
  }
}
