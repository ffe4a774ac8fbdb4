package swarmformer.jobs;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.OutputPlace;
import swarmformer.errors.ErrorCode;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.model.Precision;
import swarmformer.models.Checkpoints;
import swarmformer.nightly.NightAction;
import swarmformer.nightly.NightModel;
import swarmformer.scoring.DeviceCheck;
import swarmformer.scoring.EmittedIds;
import swarmformer.scoring.ScoringSettings;
import swarmformer.store.Manifest;
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
      "   or: ${COMMAND-NAME} --store DIR --verify [--date YYYY-MM-DD]"
    },
    description = {
      "Scores a night's texts and adds them to a store, once; rows that were scored before are copied.",
      "Options of spark-submit go after --, as in -- --master yarn.",
      "Settings of a cluster: --conf-file NAME, a file or a name in conf/."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output, 4 model, 5 device, 6 published and a gate",
      "has closed, 7 stopped before the deadline, 8 another run has the night."
    })
public final class ScoreNightly implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InputOptions input;
  @Mixin private ModelOptions model;
  @Mixin private StoreOptions place;
  @Mixin private NightlyOptions nights;

  /** Runs the job and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new ScoreNightly(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(
        spec,
        nights.verify ? List.of() : input.clashes(),
        nights.verify ? List.of() : model.clashes(),
        place.clashes(),
        nights.clashes());
    try (SparkSession spark = SparkJob.openWithDefaults("score-nightly", place.settings())) {
      NightStore store = place.open(spark);
      return nights.verify ? verify(store) : score(spark, store);
    }
  }

  private int score(SparkSession spark, NightStore store) {
    OutputPlace.check(
        input.source(), store.root().toString(), spark.sparkContext().hadoopConfiguration());
    DeviceCheck.run(spark, model.device);
    ModelFiles files =
        new Checkpoints(spark.sparkContext().hadoopConfiguration(), System.getenv())
            .read(model.model);
    Precision precision = model.precision(spark, files);
    NightModel checked = NightModel.of(files, precision);
    String command = CommandText.of(spec);
    Instant submitted = SparkJob.submitted(spark);
    Optional<Instant> deadline = nights.deadlineAfter(submitted);
    int code = ExitCode.DONE;
    for (LocalDate date : nights.dates(submitted)) {
      NightAction night =
          new NightAction(
              spark,
              store,
              input.source(),
              checked,
              settings(precision),
              nights.settings(date, deadline, command),
              ScoringRun.versions());
      try {
        NightAction.Result result = night.execute();
        code = Math.max(code, NightlySummary.print(result, spec.commandLine().getOut()));
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

  /** Token ids tell which words are unknown; a night does not keep them. */
  private ScoringSettings settings(Precision precision) {
    return model.settings(precision, input.idsColumn.isPresent(), EmittedIds.READ, false);
  }

  private int verify(NightStore store) {
    List<LocalDate> asked = nights.dates(Instant.now());
    List<LocalDate> dates = asked.isEmpty() ? store.dates() : asked;
    if (dates.isEmpty()) {
      throw new InputException(
          "Cannot verify %s: there is no night in it. Check --store and --store-format."
              .formatted(Report.plain(store.root().toString())));
    }
    Report out = new Report(spec.commandLine().getOut());
    int different = 0;
    for (LocalDate date : dates) {
      if (place.isTable() && store.manifest(date).isEmpty()) {
        out.line(date.toString(), "not verified: the table has forgotten its commit");
        continue;
      }
      List<String> differences = differences(store, date);
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
              Report.plain(store.root().toString()),
              different,
              dates.size()));
    }
    return ExitCode.DONE;
  }

  private static List<String> differences(NightStore store, LocalDate date) {
    Optional<Manifest> manifest = store.manifest(date);
    return manifest.isPresent()
        ? store.differences(manifest.get())
        : List.of("the store has no manifest of it");
  }
}
