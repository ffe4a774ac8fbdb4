package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;

/** A stream whose process is killed three times, at some moment after it has finished a batch. */
@Tag("long")
class KilledStreamIT {
  private static final int KILLS = 3;
  private static final int FILES = 31;
  private static final int LATEST_MS = 1_500;

  private final Random random = new Random(20_261_124);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "delta"})
  void endsWithEachIdOnce(String format) throws Exception {
    Samples.read()
        .select("id", "text")
        .repartition(FILES)
        .write()
        .parquet(folder.resolve("in").toString());
    for (int i = 0; i < KILLS; i++) {
      killAtSomeMoment(format);
    }
    Process last = TestProcess.start(folder, StreamProgram.class, folder.toString(), format);
    assertThat(last.waitFor()).as(folder.resolve("log").toString()).isZero();
    LocalSpark.session().stop();
    try (SparkSession spark = Extended.session(folder)) {
      List<String> ids =
          spark
              .read()
              .format(format)
              .load(folder.resolve("out").toString())
              .select("id")
              .as(Encoders.STRING())
              .collectAsList();
      assertThat(ids).hasSize(310).doesNotHaveDuplicates();
    }
  }

  private void killAtSomeMoment(String format) throws Exception {
    long before = commits();
    Process stream = TestProcess.start(folder, StreamProgram.class, folder.toString(), format);
    while (commits() == before && stream.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_MS));
    assertThat(stream.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
    stream.destroyForcibly().waitFor();
    assertThat(commits()).isGreaterThan(before);
    System.out.printf("%s: killed after %d of %d batches%n", format, commits(), FILES);
  }

  private long commits() throws IOException {
    Path commits = folder.resolve("checkpoint/commits");
    if (!Files.exists(commits)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(commits)) {
      return files.filter(file -> file.getFileName().toString().matches("\\d+")).count();
    }
  }
}
