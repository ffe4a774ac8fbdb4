package swarmformer.nightly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import swarmformer.LocalSpark;
import swarmformer.data.Source;
import swarmformer.metrics.Versions;
import swarmformer.model.Precision;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.CpuSettings;
import swarmformer.store.ParquetStore;

/** Nights of the bundled model in a store of plain Parquet. */
final class TestNight {
  private static final NightModel MODEL =
      NightModel.of(
          new Checkpoints(new Configuration(), Map.of()).read("small-imdb"), Precision.FLOAT32);

  /** So many ids have the rows of {@link #write}, the empty one among them. */
  static final int IDS = 12;

  private TestNight() {}

  /**
   * Writes a night's input {@code DATE.csv} into a directory: random ids and texts, few of each.
   */
  static void write(Path folder, LocalDate date, int rows, List<String> texts, Random random)
      throws IOException {
    StringBuilder csv = new StringBuilder("id,text\n");
    for (int row = 0; row < rows; row++) {
      int id = random.nextInt(IDS);
      String text = texts.get((id + random.nextInt(2)) % texts.size());
      csv.append(id == 0 ? "" : "r" + id).append(',').append(text).append('\n');
    }
    Files.writeString(folder.resolve(date + ".csv"), csv);
  }

  static NightAction.Result score(
      Path store, Source source, LocalDate date, Optional<Instant> deadline, boolean overwrite) {
    return score(store, source, settings(date, deadline, overwrite), "1");
  }

  static NightAction.Result score(Path store, Source source, LocalDate date, String version) {
    return score(store, source, settings(date, Optional.empty(), false), version);
  }

  private static NightAction.Result score(
      Path store, Source source, NightSettings night, String version) {
    SparkSession spark = LocalSpark.session();
    return new NightAction(
            spark,
            new ParquetStore(spark, store.toString()),
            source.source(),
            MODEL,
            CpuSettings.of(256, false, true, false),
            night,
            new Versions(version, "17", "4", "0", "2"))
        .execute();
  }

  private static NightSettings settings(
      LocalDate date, Optional<Instant> deadline, boolean overwrite) {
    return new NightSettings(
        date,
        Optional.empty(),
        ZoneId.of("UTC"),
        overwrite,
        false,
        deadline,
        1,
        new Gates(0, OptionalDouble.empty(), Optional.empty(), OptionalDouble.empty()),
        "test");
  }
}
