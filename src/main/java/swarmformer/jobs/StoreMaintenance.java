package swarmformer.jobs;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import picocli.CommandLine.Model.CommandSpec;
import swarmformer.data.Failures;
import swarmformer.data.Publication;
import swarmformer.errors.ErrorCode;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.nightly.NightDeletion;
import swarmformer.report.Pages;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/** Verifies nights of a store, or changes what it says of them. */
final class StoreMaintenance {
  private static final String SET_ASIDE =
      "set aside by a process that is replacing it, or was killed: then run its command again";

  private final SparkSession spark;
  private final CommandSpec spec;
  private final NightStore store;
  private final boolean isTable;
  private final ConsoleReport out;

  StoreMaintenance(SparkSession spark, CommandSpec spec, NightStore store, boolean isTable) {
    this.spark = spark;
    this.spec = spec;
    this.store = store;
    this.isTable = isTable;
    this.out = new ConsoleReport(spec.commandLine().getOut());
  }

  /** Does what is asked, for some nights or all, and gives the exit code. */
  int run(MaintenanceOptions asked, List<LocalDate> dates) {
    if (asked.dropBefore.isPresent()) {
      return dropBefore(asked.dropBefore.get());
    }
    if (asked.deleteIds.isPresent()) {
      return deleteIds(asked.deleteIds.get());
    }
    return asked.acknowledge ? acknowledge(dates) : verify(dates);
  }

  private int dropBefore(LocalDate date) {
    NightDeletion deletion = new NightDeletion(spark, store, CommandText.of(spec));
    List<LocalDate> nights = deletion.before(date);
    int code =
        each(
            nights,
            night -> {
              deletion.drop(night);
              out.line(night.toString(), "removed");
            });
    if (nights.isEmpty()) {
      out.note("Note", "There is no night before %s.".formatted(date));
    }
    out.end();
    return code;
  }

  private int deleteIds(String file) {
    NightDeletion deletion = new NightDeletion(spark, store, CommandText.of(spec));
    Dataset<String> ids = ids(file).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      if (ids.isEmpty()) {
        throw new InputException(
            "Cannot delete the ids in %s: it has no lines. Write one id on each line."
                .formatted(Pages.place(file)));
      }
      long[] deleted = {0};
      int code =
          each(
              deletion.holding(ids),
              night -> {
                long rows = deletion.delete(night, ids);
                deleted[0] += rows;
                out.line(night.toString(), "%,d rows deleted", rows);
              });
      out.note("Note", ConsoleReport.text("Rows deleted in all: %,d.", deleted[0]));
      if (isTable) {
        out.note(
            "Note",
            "Earlier versions of the table hold the rows until they are removed: VACUUM of Delta, expire_snapshots of Iceberg.");
      }
      out.end();
      return code;
    } finally {
      ids.unpersist();
    }
  }

  private Dataset<String> ids(String file) {
    try {
      return spark.read().textFile(file).where("value <> ''");
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw Failures.ofReading(file, e);
    }
  }

  /** One night after the other; those that another process writes are told and left. */
  private int each(List<LocalDate> nights, Consumer<LocalDate> work) {
    int code = ExitCode.DONE;
    for (LocalDate night : nights) {
      try {
        work.accept(night);
      } catch (LeaseHeldException e) {
        code = ErrorCode.HELD.exitCode();
        spec.commandLine().getErr().println(e.getMessage());
      }
    }
    return code;
  }

  private int verify(List<LocalDate> asked) {
    List<LocalDate> missing = setAside();
    List<LocalDate> dates =
        asked.isEmpty()
            ? Stream.concat(store.dates().stream(), missing.stream()).sorted().toList()
            : asked;
    if (dates.isEmpty()) {
      throw new InputException(
          "Cannot verify %s: there is no night in it. Check --store and --store-format."
              .formatted(place()));
    }
    Map<String, Manifest> ofTable = isTable ? manifests(dates) : Map.of();
    int different = 0;
    for (LocalDate date : dates) {
      Manifest known = ofTable.get(date.toString());
      if (isTable && store.dates().contains(date) && known == null) {
        out.line(date.toString(), "not verified: the table's history no longer has its commit");
        continue;
      }
      List<String> differences =
          missing.contains(date) ? List.of(SET_ASIDE) : differences(date, known);
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

  /** Nights that are not in the store for the moment, or since a process was killed. */
  private List<LocalDate> setAside() {
    List<String> names =
        Publication.setAside(spark.sparkContext().hadoopConfiguration(), store.root());
    return names.stream()
        .distinct()
        .flatMap(name -> NightStore.dateOf(name).stream())
        .filter(date -> !store.dates().contains(date))
        .toList();
  }

  /** A table reads its history for each question. */
  private Map<String, Manifest> manifests(List<LocalDate> dates) {
    return store.manifests(dates).stream()
        .collect(Collectors.toMap(Manifest::date, Function.identity()));
  }

  /**
   * Asks again where what was known does not fit: another process may have replaced the night.
   *
   * @param known what the night was made of; null to ask
   */
  private List<String> differences(LocalDate date, Manifest known) {
    return known != null && store.differences(known).isEmpty() ? List.of() : differences(date);
  }

  private List<String> differences(LocalDate date) {
    Optional<Manifest> manifest;
    try {
      manifest = store.manifest(date);
    } catch (InputException e) { // the other nights are verified all the same
      return List.of(e.getMessage());
    }
    if (manifest.isPresent()) {
      return store.differences(manifest.get());
    }
    return List.of(
        store.dates().contains(date)
            ? "the store has no manifest of it"
            : "the store has no such night");
  }

  private int acknowledge(List<LocalDate> dates) {
    List<LocalDate> missing = new ArrayList<>();
    int code =
        each(
            dates,
            date -> {
              if (!acknowledge(date)) {
                missing.add(date);
              }
            });
    out.end();
    if (!missing.isEmpty()) {
      throw new InputException(
          "Cannot acknowledge %s of %s: the store has no manifest of it. Check --store, --store-format and --date."
              .formatted(
                  missing.size() == 1
                      ? "night " + missing.get(0)
                      : "the nights "
                          + missing.stream()
                              .map(LocalDate::toString)
                              .collect(Collectors.joining(", ")),
                  place()));
    }
    return code;
  }

  /** False if the store has no manifest of the night. */
  private boolean acknowledge(LocalDate date) {
    try (Publication publication = store.begin(date)) {
      Optional<Manifest> manifest = store.manifest(date);
      manifest.ifPresent(night -> acknowledge(publication, night));
      return manifest.isPresent();
    }
  }

  private void acknowledge(Publication publication, Manifest night) {
    if (night.needsAcknowledgement()) {
      store.amend(
          publication,
          night.withAcknowledgement(
              new Manifest.Acknowledgement(Instant.now().toString(), CommandText.of(spec))));
    }
    out.line(
        night.date(),
        "%s",
        night.warnings().isEmpty()
            ? "no gate has closed"
            : "acknowledged: " + String.join("; ", night.warnings()));
  }

  private String place() {
    return Pages.place(store.root().toString());
  }
}
