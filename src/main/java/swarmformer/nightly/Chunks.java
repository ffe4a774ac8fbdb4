package swarmformer.nightly;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.InputSize;
import swarmformer.data.Observed;
import swarmformer.data.Texts;
import swarmformer.scoring.BatchLog;
import swarmformer.scoring.BroadcastModel;
import swarmformer.scoring.Progress;
import swarmformer.scoring.ScoringSettings;
import swarmformer.scoring.Spread;
import swarmformer.store.Manifest;

/**
 * Scores the parts of a plan that are not scored yet, in chunks: one job each, of as many parts as
 * take all cores about two minutes.
 */
final class Chunks {
  private static final Duration LENGTH = Duration.ofMinutes(2);

  /** Rows of the first chunk, from which on the speed is known. */
  private static final long FIRST_ROWS = 5_000;

  private final SparkSession spark;
  private final Work work;
  private final Work.Plan plan;
  private final Dataset<Row> planned;
  private final Manifest.Model model;

  /** Rows of the parts that are not scored yet. */
  private final TreeMap<Integer, Long> left;

  private final List<Work.Chunk> done;
  private long scoredHere;
  private Duration spent = Duration.ZERO;

  /**
   * Scores the rows of a plan.
   *
   * @param planned its rows, whose files are listed once
   */
  Chunks(SparkSession spark, Work work, Work.Plan plan, Dataset<Row> planned, Manifest.Model model)
      throws IOException {
    this.spark = spark;
    this.work = work;
    this.plan = plan;
    this.planned = planned;
    this.model = model;
    this.left = new TreeMap<>(plan.counts().partRows());
    this.done = new ArrayList<>(work.chunks());
    done.forEach(chunk -> left.keySet().removeAll(chunk.parts()));
  }

  /** Scores until all are done, or the deadline leaves no time for another part. */
  void score(NightModel model, ScoringSettings settings, Deadline deadline) throws IOException {
    if (left.isEmpty()) {
      return;
    }
    BroadcastModel broadcast = BroadcastModel.of(spark, model.files());
    try (Progress progress = Progress.show(spark, InputSize.ofRows(rowsLeft()))) {
      List<Integer> parts = next(deadline);
      while (!parts.isEmpty()) {
        score(parts, broadcast, settings, progress);
        left.keySet().removeAll(parts);
        parts = next(deadline);
      }
    }
  }

  /** The parts of the next chunk; none if all are done, or there is no time for one. */
  private List<Integer> next(Deadline deadline) {
    List<Integer> parts = new ArrayList<>();
    long rows = 0;
    for (var part : left.entrySet()) {
      long with = rows + part.getValue();
      boolean fits = scoredHere == 0 ? with <= FIRST_ROWS : timeOf(with).compareTo(LENGTH) <= 0;
      if (!deadline.leaves(timeOf(with)) || (!fits && !parts.isEmpty())) {
        break;
      }
      parts.add(part.getKey());
      rows = with;
    }
    return parts;
  }

  /** What so many rows are expected to take; nothing as long as nothing is known. */
  private Duration timeOf(long rows) {
    return scoredHere == 0
        ? Duration.ZERO
        : Duration.ofNanos((long) (spent.toNanos() * (rows / (double) scoredHere)));
  }

  private void score(
      List<Integer> parts, BroadcastModel broadcast, ScoringSettings settings, Progress progress)
      throws IOException {
    long start = System.nanoTime();
    long rows = parts.stream().mapToLong(left::get).sum();
    String notes = work.begin("batches");
    BatchLog log = new BatchLog(spark, notes);
    Observation observation = new Observation();
    List<Column> figures = RowSums.aggregates(plan.temperature());
    String directory = work.begin("rows");
    try (Spread spread = new Spread(spark, InputSize.ofRows(rows), settings)) {
      Texts texts = spread.over(NightRows.texts(planned, plan.carried(), parts));
      Dataset<Row> scored =
          NightRows.withUnknown(
              broadcast.score(texts, settings, progress.counter(), Optional.of(log)));
      work.write(
          NightRows.computed(scored, plan.carried(), model)
              .observe(
                  observation,
                  figures.get(0),
                  figures.subList(1, figures.size()).toArray(Column[]::new)),
          directory);
    }
    Work.Chunk chunk =
        new Work.Chunk(directory, notes, log.attempts(), parts, rows, sums(observation, directory));
    work.add(chunk);
    done.add(chunk);
    spent = spent.plusNanos(System.nanoTime() - start);
    scoredHere += rows;
  }

  /** Over the rows of a chunk, which are read again where Spark has not told them. */
  private RowSums sums(Observation observation, String directory) {
    return Observed.of(observation)
        .map(RowSums::of)
        .orElseGet(() -> RowSums.of(spark.read().parquet(directory), plan.temperature()));
  }

  boolean areAllDone() {
    return left.isEmpty();
  }

  private long rowsLeft() {
    return left.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Those that are done, by whatever job. */
  List<Work.Chunk> done() {
    return done;
  }

  /** Rows that were scored here and not by an earlier job. */
  long scoredHere() {
    return scoredHere;
  }

  double textsPerSecond() {
    return spentMs() == 0 ? 0 : scoredHere * 1_000.0 / spentMs();
  }

  /** Time that scoring took here, in milliseconds. */
  long spentMs() {
    return spent.toMillis();
  }
}
