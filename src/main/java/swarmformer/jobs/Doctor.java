package swarmformer.jobs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.cluster.ApplicationExecutors;
import swarmformer.doctor.ExecutorCheck;
import swarmformer.doctor.Problem;
import swarmformer.doctor.Problems;
import swarmformer.errors.ErrorCode;
import swarmformer.model.Precision;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.EmittedIds;

/** Says what a cluster has, what is wrong with it, and which settings suit it. */
@Command(
    name = "jobs/doctor.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "${COMMAND-NAME} [OPTION...] [-- SPARK-SUBMIT-OPTION...]",
    description =
        "Examines the driver and every executor, scores some made-up texts on each, names what is wrong, and recommends settings.",
    footer = {
      "",
      "Options of spark-submit go after --, as in -- --master yarn --num-executors 8.",
      "Settings of a cluster: --conf-file NAME, a file or a name in conf/.",
      "Exit codes: 0 no problem that stops a run, 1 a bug, 2 usage, 3 no room on a disk, 4 model,",
      "5 the device cannot be used."
    })
public final class Doctor implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  /** Runs the checkup and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new Doctor(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(spec, model.clashes());
    // A stage that reaches every executor has to know how many there are.
    Map<String, Object> fixed = Map.of("spark.dynamicAllocation.enabled", false);
    try (SparkSession spark = SparkJob.open("doctor", fixed)) {
      ModelFiles files =
          new Checkpoints(spark.sparkContext().hadoopConfiguration(), System.getenv())
              .read(model.model);
      model.refuseSmallVocabulary(Checkpoint.parse(files).config());
      spec.commandLine().getErr().println("Scoring on every executor: this takes half a minute.");
      new ApplicationExecutors(spark).await();
      Precision precision = model.precision(spark, files);
      ExecutorCheck.Result found =
          new ExecutorCheck(spark, files, model.settings(precision, false, EmittedIds.NONE, false))
              .execute();
      List<Problem> problems = Problems.of(found);
      new DoctorText(spec, spark.sparkContext().conf(), model, precision).print(found, problems);
      return code(problems);
    }
  }

  private static int code(List<Problem> problems) {
    if (problems.stream().anyMatch(problem -> problem.kind() == Problem.Kind.DEVICE)) {
      return ErrorCode.DEVICE.exitCode();
    }
    return problems.stream().anyMatch(problem -> problem.kind() == Problem.Kind.DISK)
        ? ErrorCode.OUTPUT.exitCode()
        : ExitCode.DONE;
  }
}
