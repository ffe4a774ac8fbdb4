package swarmformer.nightly;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.Texts;
import swarmformer.scoring.Progress;
import swarmformer.scoring.ScoreRows;
import swarmformer.scoring.ScoringSettings;

/** Scores the chunks of a plan that are not scored yet, one after the other. */
final class Chunks {
  private final SparkSession spark;
  private final Work work;
  private final Work.Plan plan;
  private int done;
  private long scoredHere;
  private Duration longest = Duration.ZERO;
  private Duration spent = Duration.ZERO;

  Chunks(SparkSession spark, Work work, Work.Plan plan) {
    this.spark = spark;
    this.work = work;
    this.plan = plan;
  }

  /** Scores until all are done, or the deadline leaves no time for another. */
  void score(NightModel model, ScoringSettings settings, Deadline deadline) throws IOException {
    long left = plan.counts().rows() - plan.counts().reused() - rowsDone();
    ScoreRows scoring = new ScoreRows(spark, model.files(), settings);
    try (Progress progress = scoring.showProgress(left)) {
      for (int chunk = 0; chunk < plan.chunks() && deadline.leaves(longest); chunk++) {
        if (!work.hasChunk(chunk)) {
          score(chunk, scoring);
        }
        done++;
      }
    }
  }

  private long rowsDone() throws IOException {
    long rows = 0;
    for (int chunk = 0; chunk < plan.chunks(); chunk++) {
      rows += work.hasChunk(chunk) ? spark.read().parquet(work.chunk(chunk)).count() : 0;
    }
    return rows;
  }

  private void score(int chunk, ScoreRows scoring) throws IOException {
    long start = System.nanoTime();
    Texts texts = NightRows.chunk(work.planned(spark, plan), plan.carried(), chunk, plan.chunks());
    work.writeChunk(NightRows.withUnknown(scoring.score(texts)), chunk);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    longest = took.compareTo(longest) > 0 ? took : longest;
    spent = spent.plus(took);
    scoredHere += texts.counts().rows();
  }

  boolean areAllDone() {
    return done == plan.chunks();
  }

  /** Scored rows of all chunks, with what their batches took. */
  Dataset<Row> rows() {
    return spark
        .read()
        .parquet(IntStream.range(0, plan.chunks()).mapToObj(work::chunk).toArray(String[]::new));
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
