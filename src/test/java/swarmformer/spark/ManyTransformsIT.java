package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many stages one after the other, in processes of their own. */
@Tag("long")
class ManyTransformsIT {
  /** Spark's own classes are still being compiled by then. */
  private static final double GROWTH = 1.03;

  @TempDir private Path folder;

  private String run(int transforms, String master) throws Exception {
    Process program =
        TestProcess.start(folder, ManyTransforms.class, Integer.toString(transforms), master);
    assertThat(program.waitFor()).as(folder.resolve("log").toString()).isZero();
    return Files.readString(folder.resolve("log"));
  }

  @Test
  void eachExecutorLoadsTheModelOnce() throws Exception {
    assertThat(run(10, "local-cluster[2,1,1024]")).contains("loads {0=1, 1=1}");
  }

  @Test
  void aHundredLeaveNothingBehind() throws Exception {
    String log = run(100, "local[2]");
    assertThat(log).contains("loads {driver=1}");
    List<Long> megabytes =
        Pattern.compile("process (\\d+) MB")
            .matcher(log)
            .results()
            .map((MatchResult found) -> Long.valueOf(found.group(1)))
            .toList();
    System.out.println("process memory after each ten transforms, MB: " + megabytes);
    assertThat(megabytes).hasSize(10);
    assertThat(megabytes.get(9).doubleValue()).isLessThan(GROWTH * megabytes.get(4));
  }
}
