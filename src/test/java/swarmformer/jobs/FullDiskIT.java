package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.data.FullDisk;
import swarmformer.data.RunDirectory;
import swarmformer.errors.ErrorCode;

class FullDiskIT {
  private static final Path HOME = Script.projectHome();

  @TempDir Path folder;

  @Test
  void endsWithOneLineWhenTheDiskIsFull() throws Exception {
    Path output = Files.createDirectory(folder.resolve("output"));
    String address = FullDisk.SCHEME + ":" + output;
    Script.Ended ended =
        Script.in(folder)
            .score(
                "--input",
                HOME.resolve("samples/reviews.csv").toString(),
                "--output",
                address,
                "--",
                "--driver-class-path",
                HOME.resolve("target/test-classes").toString(),
                "--conf",
                "spark.hadoop.fs.full.impl=" + FullDisk.class.getName(),
                "--conf",
                "spark.hadoop." + FullDisk.ROOM + "=4000");
    assertThat(ended.err())
        .hasLineCount(1)
        .startsWith("Cannot write to " + address)
        .endsWith(": the disk is full. Free some space, or set another --output or --store.\n");
    assertThat(ended.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(RunWatcher.names(output)).noneMatch(name -> name.startsWith("run="));
    RunDirectory.begin(new Configuration(), output.toString(), "next", false).close();
    assertThat(output).isEmptyDirectory();
  }
}
