package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.Predictions;
import swarmformer.data.Source;
import swarmformer.store.ParquetStore;

/**
 * Nights that copy what is known, in any order, stopped and repeated, against nights on their own.
 */
class ReuseIT {
  private static final long SEED = Long.getLong("swarmformer.seed", 20_261_129);
  private static final int NIGHTS = Integer.getInteger("swarmformer.nights", 2);
  private static final int ROWS = 30;
  private static final List<String> TEXTS =
      List.of("", "Good.", "Bad.", "A fine film.", "Dull and slow.", "null");

  @TempDir private Path folder;

  @Test
  void nightsEqualThoseWithoutReuse() throws IOException {
    Random random = new Random(SEED);
    List<LocalDate> dates = new ArrayList<>();
    for (int night = 0; night < NIGHTS; night++) {
      LocalDate date = LocalDate.of(2026, 11, 1).plusDays(night);
      dates.add(date);
      TestNight.write(folder, date, ROWS, TEXTS, random);
    }
    Collections.shuffle(dates, random);
    for (LocalDate date : dates) {
      if (random.nextBoolean()) {
        assertThat(score("reused", date, Optional.of(Instant.now().minusSeconds(1)), false))
            .isEqualTo(NightAction.Outcome.STOPPED);
      }
      score("reused", date, Optional.empty(), false);
      if (random.nextBoolean()) {
        score("reused", date, Optional.empty(), true);
      }
    }
    long copies = 0;
    for (LocalDate date : dates) {
      score(date.toString(), date, Optional.empty(), false);
      assertSame(rows("reused", date), rows(date.toString(), date));
      copies += night("reused", date).stream().filter(row -> row.<Boolean>getAs("reused")).count();
    }
    assertThat(copies).isPositive();
  }

  @Test
  void rowsWithoutAnIdBringNoEarlierNightBack() throws IOException {
    List<LocalDate> dates = new ArrayList<>();
    for (int night = 0; night < 3; night++) {
      LocalDate date = LocalDate.of(2026, 11, 1).plusDays(night);
      dates.add(date);
      Files.writeString(
          folder.resolve(date + ".csv"), "id,text\nr%s,Good.\n,Bad.\n".formatted(night));
      score("store", date, Optional.empty(), false);
    }
    ParquetStore store = new ParquetStore(LocalSpark.session(), folder.resolve("store").toString());
    assertThat(earlier(store, "r3", null).find(dates, rows -> rows)).isEmpty();
    assertThat(earlier(store, null, null).find(dates, rows -> rows)).isEmpty();
    Dataset<Row> found = earlier(store, "r1", null).find(dates, rows -> rows).orElseThrow();
    assertThat(found.select("date").as(Encoders.LOCALDATE()).distinct().collectAsList())
        .containsExactly(dates.get(1));
  }

  private static EarlierNights earlier(ParquetStore store, String... ids) {
    Dataset<Row> tonight =
        LocalSpark.session().createDataset(Arrays.asList(ids), Encoders.STRING()).toDF("id");
    return new EarlierNights(LocalSpark.session(), store, tonight, ids.length);
  }

  private NightAction.Outcome score(
      String store, LocalDate date, Optional<Instant> deadline, boolean overwrite) {
    Source source = Source.of(folder.resolve(date + ".csv"));
    return TestNight.score(folder.resolve(store), source, date, deadline, overwrite).outcome();
  }

  private List<Row> night(String store, LocalDate date) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve(store + "/predictions/date=" + date).toString())
        .collectAsList();
  }

  /** How often a row occurs, and its logits. */
  private record Rows(Map<String, Integer> counts, Map<String, List<Float>> logits) {}

  private Rows rows(String store, LocalDate date) {
    Rows rows = new Rows(new TreeMap<>(), new TreeMap<>());
    for (Row row : night(store, date)) {
      String key =
          List.of("id", "content_hash", "prediction", "sentiment", "tokens", "truncated", "error")
              .stream()
              .map(column -> String.valueOf(row.<Object>getAs(column)))
              .toList()
              .toString();
      rows.counts().merge(key, 1, Integer::sum);
      if (row.getAs("error") == null) {
        rows.logits().put(key, row.getList(row.fieldIndex("logits")));
      }
    }
    return rows;
  }

  private static void assertSame(Rows found, Rows wanted) {
    assertThat(found.counts()).isEqualTo(wanted.counts());
    wanted
        .logits()
        .forEach(
            (key, logits) -> Predictions.assertSameLogits(key, found.logits().get(key), logits));
  }
}
