package swarmformer.jobs;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.DateFilter;
import swarmformer.data.Failures;
import swarmformer.data.OutputPlace;
import swarmformer.errors.ErrorCode;
import swarmformer.errors.LeaseHeldException;
import swarmformer.model.Precision;
import swarmformer.models.Checkpoints;
import swarmformer.nightly.Deadline;
import swarmformer.nightly.NightAction;
import swarmformer.nightly.NightModel;
import swarmformer.scoring.DeviceCheck;
import swarmformer.scoring.EmittedIds;
import swarmformer.scoring.ScoringSettings;
import swarmformer.store.NightStore;

/** Scores each night's texts into a store that grows. */
@Command(
    name = "jobs/score-nightly.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {
      "${COMMAND-NAME} --input PATH... --store DIR --date YYYY-MM-DD [OPTION...]",
      "   or: ${COMMAND-NAME} --store DIR --verify [--date YYYY-MM-DD]",
      "   or: ${COMMAND-NAME} --store DIR --acknowledge --date YYYY-MM-DD",
      "   or: ${COMMAND-NAME} --store DIR --drop-before YYYY-MM-DD | --delete-ids FILE"
    },
    description = {
      "Scores a night's texts and adds them to a store, once; rows that were scored before are copied.",
      "Options of spark-submit go after --, as in -- --master yarn.",
      "Settings of a cluster: --conf-file NAME, a file or a name in conf/."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device, 6 published and a gate",
      "has closed that is not acknowledged, 7 stopped before the deadline, 8 another run has the night."
    })
public final class ScoreNightly implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;
  @Mixin private ModelOptions model;
  @Mixin private StoreOptions place;
  @Mixin private NightlyOptions nights;
  @Mixin private MaintenanceOptions maintenance;

  /** The night that is being scored. */
  private Optional<LocalDate> underWay = Optional.empty();

  /** What scores it, once it is read. */
  private Optional<NightModel> scorer = Optional.empty();

  /** Runs the job and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new ScoreNightly(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(
        spec,
        maintenance.isAsked() ? List.of() : input.clashes(),
        maintenance.isAsked() ? List.of() : model.clashes(),
        place.clashes(),
        maintenance.isAsked() ? List.of() : place.clashesWith(input.table),
        nights.clashes(maintenance.isAsked()),
        maintenance.clashes(nights));
    return maintenance.isAsked() ? maintain() : scoreWithAlert();
  }

  private SparkSession open() {
    Program.refuseClashes(spec, place.missing());
    return SparkJob.openWithDefaults("score-nightly", place.settings());
  }

  private int maintain() throws IOException {
    try (SparkSession spark = open()) {
      return new StoreMaintenance(spark, spec, place.open(spark), place.isTable())
          .run(maintenance, nights.dates(Instant.now()));
    }
  }

  /** Tells of whatever ends a night, also of a Spark that does not start, and of errors. */
  private int scoreWithAlert() throws IOException {
    underWay = nights.dates(Instant.now()).stream().findFirst();
    try (SparkSession spark = open()) {
      return scoreWithLineage(spark, place.open(spark));
    } catch (Throwable e) { // Spark throws checked exceptions that Java does not see
      Exception failure = failure(e);
      alert().ifPresent(alert -> alert.failed(underWay, failure));
      throw e;
    }
  }

  private int scoreWithLineage(SparkSession spark, NightStore store) {
    underWay = nights.dates(SparkJob.submitted(spark)).stream().findFirst();
    try {
      return score(spark, store);
    } catch (Throwable e) { // Spark throws checked exceptions that Java does not see
      emit(
          underWay
              .flatMap(date -> lineageEvent(spark, store, date))
              .map(event -> event.failed(String.valueOf(failure(e).getMessage()))));
      throw e;
    }
  }

  private static Exception failure(Throwable thrown) {
    return Failures.ofProgram(
        thrown instanceof Exception exception ? exception : new IllegalStateException(thrown));
  }

  private Optional<NightAlert> alert() {
    return nights.alert.map(target -> new NightAlert(target, spec.commandLine().getErr()));
  }

  private int score(SparkSession spark, NightStore store) {
    OutputPlace.check(
        input.source(), store.root().toString(), spark.sparkContext().hadoopConfiguration());
    String command = CommandText.of(spec);
    Instant submitted = SparkJob.submitted(spark);
    Optional<Instant> deadline = nights.deadlineAfter(submitted);
    Optional<Precision> precision = prepare(spark, deadline);
    if (precision.isEmpty()) {
      return NightlySummary.print(
          NightAction.notBegun(underWay.orElseThrow(), store), spec.commandLine().getOut());
    }
    int code = ExitCode.DONE;
    for (LocalDate date : nights.dates(submitted)) {
      underWay = Optional.of(date);
      nights.warning(date, Instant.now()).ifPresent(spec.commandLine().getErr()::println);
      NightAction night =
          new NightAction(
              spark,
              store,
              input.source(),
              scorer.orElseThrow(),
              settings(precision.get()),
              nights.settings(date, deadline, command),
              ScoringRun.versions());
      try {
        NightAction.Result result = night.execute();
        code = ExitCode.ofBoth(code, told(spark, store, result));
        if (result.outcome() == NightAction.Outcome.STOPPED) {
          return code;
        }
      } catch (LeaseHeldException e) {
        code = ErrorCode.HELD.exitCode();
        spec.commandLine().getErr().println(e.getMessage());
      }
    }
    return code;
  }

  /**
   * Reads the model and asks the executors what they can do.
   *
   * @return in which number format they compute; empty if the deadline came before them
   */
  private Optional<Precision> prepare(SparkSession spark, Optional<Instant> deadline) {
    try (Deadline watched = Deadline.watch(spark.sparkContext(), deadline)) {
      try {
        DeviceCheck.run(spark, model.device);
        ModelFiles files =
            new Checkpoints(spark.sparkContext().hadoopConfiguration(), System.getenv())
                .read(model.model);
        Precision precision = model.precision(spark, files);
        scorer = Optional.of(NightModel.of(files, precision));
        return Optional.of(precision);
      } catch (Exception e) { // Spark throws checked exceptions that Java does not see
        if (watched.hasEnded(e)) {
          return Optional.empty();
        }
        throw e;
      }
    }
  }

  /** Tells the lineage, the person and the alert how a night ended; gives its exit code. */
  private int told(SparkSession spark, NightStore store, NightAction.Result result) {
    if (result.outcome() == NightAction.Outcome.PUBLISHED) {
      LocalDate date = result.date();
      emit(
          lineageEvent(spark, store, date)
              .map(
                  event ->
                      event.complete(
                          result.manifest().orElseThrow(),
                          store.rows(date, date).orElseThrow().schema())));
    }
    int code = NightlySummary.print(result, spec.commandLine().getOut());
    if (code == ExitCode.GATE) {
      alert().ifPresent(alert -> alert.gateClosed(result, result.manifest().orElseThrow()));
    }
    return code;
  }

  private Optional<NightLineage> lineage() {
    return NightLineage.of(nights.lineage, System.getenv(), spec.commandLine().getErr());
  }

  private void emit(Optional<String> event) {
    event.ifPresent(text -> lineage().ifPresent(lineage -> lineage.emit(text)));
  }

  private Optional<LineageEvent> lineageEvent(
      SparkSession spark, NightStore store, LocalDate date) {
    String namespace = NightLineage.namespace(System.getenv());
    return lineage()
        .map(
            to ->
                new LineageEvent(
                    namespace,
                    date,
                    InputOptions.qualified(input.source(), spark),
                    nights.dateColumn.map(DateFilter::columns).orElse(List.of()),
                    scorer.map(NightModel::facts),
                    place.isNamedTable()
                        ? new LineageEvent.Dataset(namespace, place.store.orElseThrow())
                        : LineageEvent.Dataset.ofPath(store.root() + "/predictions")));
  }

  /** Token ids tell which words are unknown; a night does not keep them. */
  private ScoringSettings settings(Precision precision) {
    return model.settings(precision, input.idsColumn.isPresent(), EmittedIds.READ, false);
  }
}
