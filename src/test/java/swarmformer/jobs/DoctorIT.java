package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

final class DoctorIT {
  @TempDir Path folder;

  @Test
  void examinesThisMachine() {
    Ran ran = Ran.locally(new Doctor());
    assertThat(ran.code()).as(ran.out()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("No problem was found.")
        .containsPattern("driver +localhost +cpu +2 +2 +1 ")
        .containsPattern("PyTorch +2\\.7\\.1\\S* cpu")
        .containsPattern("glibc +2\\.\\d+")
        .containsPattern("speed +[1-9][\\d,]* made-up texts/s")
        .contains("spark-submit OPTIONS-OF-THIS-CHECKUP --class swarmformer.jobs.Score ")
        .containsPattern("--batch-size (64|256) --partitions 6");
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void saysThatThereIsNoGpu() {
    Ran ran = Ran.locally(new Doctor(), "--device=cuda");
    assertThat(ran.code()).isEqualTo(ErrorCode.DEVICE.exitCode());
    assertThat(ran.out())
        .contains("Problems\n  1. The driver on localhost: Cannot use a GPU: ")
        .doesNotContain("spark-submit");
  }

  @Test
  void refusesAModelWithoutTheWholeVocabulary() {
    Ran ran = Ran.locally(new Doctor(), "--model=src/test/resources/golden/tiny/a");
    assertThat(ran.code()).isEqualTo(ErrorCode.MODEL.exitCode());
    assertThat(ran.err())
        .contains(
            "Cannot measure with model src/test/resources/golden/tiny/a: its vocab_size is 60, and the ids of texts go up to 30521. Set --model to one with the whole vocabulary.");
  }

  @Test
  void saysThatNoExecutorComes() throws Exception {
    Script.Ended ended =
        Script.in(folder)
            .run(
                "doctor",
                "--",
                "--master",
                "local-cluster[1,1,1024]",
                "--conf",
                "spark.executor.cores=2",
                "--conf",
                "spark.scheduler.maxRegisteredResourcesWaitingTime=3s");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ErrorCode.DEVICE.exitCode());
    assertThat(ended.err())
        .endsWith(
            "Cannot examine executors: none came within 3 s. See what the master local-cluster[1,1,1024] has left, and ask for no more (spark.executor.memory, spark.executor.cores).\n");
  }

  /** With a command that takes the same settings. */
  @Test
  @Tag("long")
  void reachesEveryExecutor() throws Exception {
    Files.writeString(folder.resolve("my.conf"), "spark.master local-cluster[2,1,1024]\n");
    Script.Ended ended =
        Script.in(folder)
            .run(
                "doctor",
                "--conf-file=my.conf",
                "--",
                "--name",
                "Jo's run",
                "--conf",
                "spark.hadoop.fs.s3a.secret.key=x");
    ended.assertDone();
    assertThat(ended.err()).doesNotContainPattern("WARN|INFO|ERROR|Exception|\\tat ");
    List<String> lines = ended.out().lines().toList();
    assertThat(lines).anyMatch(line -> line.startsWith("  driver "));
    assertThat(lines).filteredOn(line -> line.matches("  [01] .* cpu +1 +1 +1 .*")).hasSize(2);
    String command = ended.out().substring(ended.out().indexOf("jobs/score.sh"));
    assertThat(command)
        .containsPattern(
            "--conf-file my\\.conf -- --name 'Jo'\\\\''s run' --conf 'spark\\.hadoop\\.fs\\.s3a\\.secret\\.key=\\*{3}' --conf spark\\.executor\\.memoryOverhead=[1-9]\\d*m\n");
    Path home = Script.projectHome();
    Shell.in(folder)
        .run("bash", "-c", home + "/" + command.replace("INPUT", home + "/samples/reviews.csv"))
        .assertDone();
    assertThat(folder.resolve("OUTPUT")).isDirectoryContaining("glob:**run=*");
  }
}
