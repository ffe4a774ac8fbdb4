package swarmformer.nightly;

import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.LocalSpark;
import swarmformer.data.Publication;
import swarmformer.data.Source;
import swarmformer.errors.ErrorCode;
import swarmformer.jobs.Nights;
import swarmformer.jobs.Ran;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;
import swarmformer.store.ParquetStore;

/** Rows and nights that are deleted from a store of made-up nights. */
class NightDeletionIT {
  private static final long SEED = Long.getLong("swarmformer.seed", 20_261_129);
  private static final int ROUNDS = 3;
  private static final int ROWS = 25;
  private static final List<String> TEXTS = List.of("", "Good.", "Bad.", "Dull and slow.");
  private static final LocalDate FIRST = LocalDate.of(2026, 11, 1);

  @TempDir private Path folder;

  private final SparkSession spark = LocalSpark.session();

  @Test
  void aStoreWithoutSomeIdsIsWhatItWasButForTheirRows() throws IOException {
    Random random = new Random(SEED);
    NightStore store = nights(3, random);
    Set<String> gone = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<List<String>> before = rows(store);
      Set<String> ids = new TreeSet<>(List.of("r" + random.nextInt(2 * TestNight.IDS)));
      ids.add("r" + random.nextInt(TestNight.IDS));
      gone.addAll(ids);
      long deleted = delete(store, ids);
      List<List<String>> expected =
          before.stream().filter(row -> row.get(1) == null || !ids.contains(row.get(1))).toList();
      assertThat(rows(store)).isEqualTo(expected);
      assertThat(deleted).isEqualTo(before.size() - expected.size());
      assertThat(delete(store, ids)).as("again").isZero();
      store.dates().forEach(date -> assertIsInOrder(store, date));
    }
    assertThat(gone).hasSizeGreaterThan(2);
    assertThat(folder.resolve("store/_staging")).doesNotExist();
  }

  /** Counts and hashes are those of the rows, and the hashes of ids those of computed rows. */
  private void assertIsInOrder(NightStore store, LocalDate date) {
    Manifest night = store.manifest(date).orElseThrow();
    assertThat(store.differences(night)).isEmpty();
    Dataset<Row> rows = store.rows(date, date).orElseThrow();
    Manifest.Counts counts = night.counts();
    assertThat(counts.rows()).isEqualTo(rows.count());
    assertThat(counts.reused()).isEqualTo(rows.where("reused").count());
    assertThat(counts.computed()).isEqualTo(counts.fresh() + counts.changed());
    assertThat(counts.rows()).isEqualTo(counts.computed() + counts.reused());
    assertThat(counts.scored()).isEqualTo(rows.where("prediction IS NOT NULL").count());
    assertThat(counts.bySentiment().values().stream().mapToLong(n -> n).sum())
        .isEqualTo(counts.scored());
    assertThat(night.distribution().rows()).isEqualTo(counts.scored());
    assertThat(counts.repeatedIds())
        .isEqualTo(
            rows.where("id IS NOT NULL").count()
                - rows.where("id IS NOT NULL").select("id").distinct().count());
    assertThat(longs(store.keys(List.of(date)).select(NightStore.KEY)))
        .isEqualTo(longs(rows.where("NOT reused").select(xxhash64(rows.col("id")))));
  }

  private static List<Long> longs(Dataset<Row> column) {
    return column.as(Encoders.LONG()).collectAsList().stream().sorted().toList();
  }

  @Test
  void isToldInTheManifestAndGoesOnWhereItWasStopped() throws IOException {
    NightStore store = nights(2, new Random(SEED));
    NightDeletion deletion = new NightDeletion(spark, store, "delete r1");
    Dataset<String> ids = ids(Set.of("r1"));
    LocalDate first = deletion.holding(ids).get(0);
    long rows = store.manifest(first).orElseThrow().counts().rows();
    long deleted = deletion.delete(first, ids); // and is killed
    assertThat(deletion.holding(ids)).doesNotContain(first);
    delete(store, Set.of("r1"));
    assertThat(deletion.holding(ids)).isEmpty();
    Manifest night = store.manifest(first).orElseThrow();
    assertThat(night.counts().rows()).isEqualTo(rows - deleted);
    assertThat(night.deletions())
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.rows()).isEqualTo(deleted);
              assertThat(told.command()).isEqualTo("delete r1");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void worksForANightWithoutAManifestThatCanBeRead(boolean isThere) throws IOException {
    NightStore store = nights(1, new Random(SEED));
    Path night = folder.resolve("store/predictions/date=" + FIRST);
    Files.delete(night.resolve("_manifest.json"));
    if (isThere) {
      Files.delete(night.resolve("._manifest.json.crc"));
      Files.writeString(night.resolve("_manifest.json"), "{");
    }
    long rows = store.rows().orElseThrow().count();
    long deleted = delete(store, Set.of("r1", "r2", "r3"));
    assertThat(deleted).isPositive();
    assertThat(store.rows().orElseThrow().count()).isEqualTo(rows - deleted);
    assertThat(store.manifest(FIRST)).isEmpty();
    assertThat(night.resolve("_metrics")).isDirectory();
  }

  @Test
  void removesWhatIsUnderWay() throws IOException {
    NightStore store = nights(1, new Random(SEED));
    LocalDate next = FIRST.plusDays(1);
    TestNight.write(folder, next, ROWS, TEXTS, new Random(1));
    assertThat(
            TestNight.score(
                    folder.resolve("store"),
                    Source.of(folder.resolve(next + ".csv")),
                    next,
                    Optional.of(java.time.Instant.now().minusSeconds(1)),
                    false)
                .outcome())
        .isEqualTo(NightAction.Outcome.STOPPED);
    Path work = Files.createDirectories(folder.resolve("store/_work/date=" + next));
    assertThat(new NightDeletion(spark, store, "").holding(ids(Set.of("nobody"))))
        .containsExactly(next);
    assertThat(delete(store, Set.of("nobody"))).isZero();
    assertThat(work).doesNotExist();
  }

  /** Such a night counts its input, and has not written its plan. */
  @Test
  void tellsOfANightThatIsBeingPlanned() throws IOException {
    NightStore store = nights(1, new Random(SEED));
    LocalDate next = FIRST.plusDays(1);
    Path ids = Files.writeString(folder.resolve("ids.txt"), "nobody\n");
    try (Publication planned = store.begin(next)) {
      assertThat(Path.of(planned.folder().toUri().getPath())).isDirectory();
      assertThat(folder.resolve("store/_work")).doesNotExist();
      for (Object[] asked :
          List.of(
              new Object[] {"--delete-ids", ids},
              new Object[] {"--drop-before", next.plusDays(1)})) {
        Ran deleted = Nights.run(folder.resolve("store"), asked);
        assertThat(deleted.code()).isEqualTo(ErrorCode.HELD.exitCode());
        assertThat(deleted.err())
            .singleElement()
            .asString()
            .startsWith("Cannot write night " + next + ": process ");
      }
    }
  }

  @Test
  void dropsNightsWhole() throws IOException {
    NightStore store = nights(3, new Random(SEED));
    NightDeletion deletion = new NightDeletion(spark, store, "");
    LocalDate third = FIRST.plusDays(2);
    assertThat(deletion.before(third)).containsExactly(FIRST, FIRST.plusDays(1));
    deletion.drop(FIRST);
    assertThat(deletion.before(third)).containsExactly(FIRST.plusDays(1));
    deletion.before(third).forEach(deletion::drop);
    deletion.drop(FIRST);
    assertThat(store.dates()).containsExactly(third);
    assertThat(folder.resolve("store/predictions/date=" + FIRST)).doesNotExist();
    assertThat(folder.resolve("store/_staging")).doesNotExist();
    assertIsInOrder(store, third);
  }

  private NightStore nights(int nights, Random random) throws IOException {
    Path store = folder.resolve("store");
    for (int night = 0; night < nights; night++) {
      LocalDate date = FIRST.plusDays(night);
      TestNight.write(folder, date, ROWS, TEXTS, random);
      TestNight.score(
          store, Source.of(folder.resolve(date + ".csv")), date, Optional.empty(), false);
    }
    return new ParquetStore(spark, store.toString());
  }

  private long delete(NightStore store, Set<String> ids) {
    NightDeletion deletion = new NightDeletion(spark, store, "delete " + ids);
    List<LocalDate> nights = new ArrayList<>(deletion.holding(ids(ids)));
    Collections.reverse(nights);
    return nights.stream().mapToLong(night -> deletion.delete(night, ids(ids))).sum();
  }

  private Dataset<String> ids(Set<String> ids) {
    return spark.createDataset(List.copyOf(ids), Encoders.STRING());
  }

  /** Date, id and what else tells rows apart, in order. */
  private static List<List<String>> rows(NightStore store) {
    return store
        .rows()
        .orElseThrow()
        .selectExpr(
            "CAST(date AS STRING) d",
            "id",
            "content_hash",
            "CAST(logits AS STRING)",
            "CAST(reused AS STRING)",
            "CAST(scored_at AS STRING)")
        .orderBy("d", "id", "content_hash", "reused", "scored_at", "logits")
        .collectAsList()
        .stream()
        .map(
            row -> {
              List<String> cells = new ArrayList<>();
              for (int i = 0; i < row.length(); i++) {
                cells.add(row.getString(i));
              }
              return cells;
            })
        .toList();
  }
}
