package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.SharedModel;

/** One Spark after the other in a JVM, each of which calls the SQL function. */
class StoppedApplicationIT {
  private static final int LOOKS = 50;

  @TempDir private Path folder;

  @Test
  void leavesNoModelBehind() throws Exception {
    LocalSpark.session().stop();
    WeakReference<SharedModel> first = modelOfACall();
    WeakReference<SharedModel> second = modelOfACall();
    for (int i = 0; i < LOOKS && first.get() != null; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(first.get()).isNull();
    assertThat(second.get()).isNotNull();
  }

  private WeakReference<SharedModel> modelOfACall() throws IOException {
    try (SparkSession spark = Extended.session(folder)) {
      spark.sql("SELECT swarmformer('a')").collectAsList();
      ReadModel read = ReadModel.of(spark, Checkpoints.DEFAULT_MODEL);
      return new WeakReference<>(SharedModel.of(spark, read.files()));
    }
  }
}
