package swarmformer.nightly;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import swarmformer.checkpoint.ModelException;
import swarmformer.data.Failures;
import swarmformer.data.Publication;
import swarmformer.data.TextSource;
import swarmformer.errors.InputException;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;
import swarmformer.metrics.RowCounts;
import swarmformer.metrics.Versions;
import swarmformer.scoring.BatchLog;
import swarmformer.scoring.OwnJar;
import swarmformer.scoring.ScoringSettings;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/**
 * Scores a night and adds it to a store.
 *
 * <p>It plans first: which rows are known, and which chunk each other row is of. Then it scores
 * chunk by chunk, and publishes the night from plan and chunks. Each step is kept in {@link Work},
 * so that after a kill the next start resumes there.
 */
public final class NightAction {
  private final SparkSession spark;
  private final NightStore store;
  private final TextSource source;
  private final NightModel model;
  private final ScoringSettings settings;
  private final NightSettings night;
  private final Versions versions;

  /** How a night ended. */
  public enum Outcome {
    /** The night is in the store now. */
    PUBLISHED,
    /** It was there already. */
    ALREADY_THERE,
    /** The deadline came first. */
    STOPPED
  }

  /**
   * The end of a night.
   *
   * @param date the night
   * @param manifest what it is made of; absent if it was stopped, or the table's history no longer
   *     has it
   * @param rowsDone rows that are ready, of {@code rows}
   * @param rows rows that were planned; 0 if it was stopped before
   * @param place where the night is, or will be
   * @param late what has changed in the input of a night that was there already; absent for nothing
   */
  public record Result(
      LocalDate date,
      Outcome outcome,
      Optional<Manifest> manifest,
      long rowsDone,
      long rows,
      String place,
      Optional<String> late) {}

  /** An action that scores with a model that was checked. */
  public NightAction(
      SparkSession spark,
      NightStore store,
      TextSource source,
      NightModel model,
      ScoringSettings settings,
      NightSettings night,
      Versions versions) {
    this.spark = spark;
    this.store = store;
    this.source = source;
    this.model = model;
    this.settings = settings;
    this.night = night;
    this.versions = versions;
  }

  /**
   * Scores, and publishes once.
   *
   * @throws LeaseHeldException if another process scores this night
   * @throws InputException if the input cannot be read
   * @throws OutputException if the store cannot be written
   * @throws ModelException if the last night was scored with another model
   */
  public Result execute() {
    Instant started = Instant.now();
    try (Publication publication = store.begin(night.date());
        Deadline deadline = Deadline.watch(spark.sparkContext(), night.deadline())) {
      Work work =
          new Work(
              spark.sparkContext().hadoopConfiguration(),
              store.root(),
              night.date().toString(),
              publication);
      try {
        return ended(publication, work, started, deadline);
      } catch (Exception e) { // Spark throws checked exceptions that Java does not see
        if (deadline.hasEnded(e)) {
          return stopped(work);
        }
        if (work.isCut(e)) {
          work.delete();
          throw new OutputException(
              "Cannot resume night %s: a file of its unfinished work is damaged. Run again to start over."
                  .formatted(night.date()),
              e);
        }
        throw e;
      }
    } catch (IOException e) {
      throw Failures.ofWriting(store.root().toString(), e);
    }
  }

  private Result ended(Publication publication, Work work, Instant started, Deadline deadline)
      throws IOException {
    boolean isThere = store.holds(night.date());
    if (isThere && isPublished(work)) {
      work.delete();
    }
    if (isThere && (!night.overwrite() || isOfThisApplication())) {
      if (!isOfOverwrite(work)) {
        work.delete();
      }
      return alreadyThere(store.manifest(night.date()), deadline);
    }
    return deadline.hasPassed()
        ? stopped(work)
        : score(publication, work, isThere, started, deadline);
  }

  /** Whether all of it is in the store: a start may be killed before it removes its work. */
  private boolean isPublished(Work work) throws IOException {
    return work.plan().filter(plan -> isCommitted(plan.transaction())).isPresent();
  }

  /** Whether a start with {@code --overwrite} has been stopped, which the next one resumes. */
  private static boolean isOfOverwrite(Work work) throws IOException {
    return work.plan().filter(Planning::replaces).isPresent();
  }

  private Result alreadyThere(Optional<Manifest> manifest, Deadline deadline) {
    Optional<String> late =
        manifest
            .filter(found -> !deadline.hasPassed())
            .flatMap(
                found -> new LateData(spark, store, source, model, night).find(found, deadline));
    return new Result(
        night.date(), Outcome.ALREADY_THERE, manifest, 0, 0, store.place(night.date()), late);
  }

  /** An attempt that ended before its cluster manager knew is not repeated by the next one. */
  private boolean isOfThisApplication() {
    return spark.sparkContext().applicationAttemptId().isDefined()
        && store
            .readableManifest(night.date())
            .filter(found -> spark.sparkContext().applicationId().equals(found.application()))
            .isPresent();
  }

  private Result score(
      Publication publication, Work work, boolean replaces, Instant started, Deadline deadline)
      throws IOException {
    Optional<LocalDate> last = store.lastBeside(night.date());
    refuseNewModel(last);
    night.gates().baseline().ifPresent(range -> NightFigures.baseline(store, range, night.date()));
    Work.Plan plan =
        new Planning(spark, store, source, model, night, last, program(), replaces).plan(work);
    Dataset<Row> planned = work.planned(spark, plan);
    Chunks chunks = new Chunks(spark, work, plan, planned, model.facts());
    chunks.score(model, settings, deadline);
    return chunks.areAllDone() && !deadline.hasPassed()
        ? publish(publication, work, plan, ready(work, plan, planned, chunks, started), deadline)
        : stopped(work);
  }

  /** The SHA-256 of its jar, which the manifest names for all rows; of classes the version. */
  private String program() {
    return OwnJar.sha256().orElse(versions.project());
  }

  private NightStore.Night ready(
      Work work, Work.Plan plan, Dataset<Row> planned, Chunks chunks, Instant started)
      throws IOException {
    Dataset<Row> reused = NightRows.reused(planned, plan.carried(), model.facts());
    String[] scored = chunks.done().stream().map(Work.Chunk::directory).toArray(String[]::new);
    Dataset<Row> rows = reused;
    if (scored.length > 0) {
      // The footers tell it: of a file that lost its content with the power Spark says nothing.
      long noted = chunks.done().stream().mapToLong(Work.Chunk::rows).sum();
      checkNothingLost(work, noted, spark.read().schema(reused.schema()).parquet(scored).count());
      rows = spark.read().parquet(scored).union(reused);
    }
    Dataset<Row> batches = batches(work, chunks);
    RowCounts counts = RowCounts.of(batches);
    checkNothingLost(work, plan.counts().rows() - plan.counts().reused(), counts.rows());
    NightStore.Night ready =
        new NightFigures(spark, store, model, night, plan, chunks, started)
            .of(rows, reused, batches, counts, versions);
    checkNothingLost(work, plan.counts().rows(), ready.manifest().digest().rows());
    return ready;
  }

  private Result publish(
      Publication publication, Work work, Work.Plan plan, NightStore.Night ready, Deadline deadline)
      throws IOException {
    try {
      store.publish(publication, ready, night.overwrite());
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      deadline.close(); // it would cancel the question
      if (!deadline.hasEnded(e) || !isCommitted(ready.manifest().transaction())) {
        throw e;
      }
    }
    try {
      work.delete();
    } catch (LeaseHeldException e) {
      // The night is published; the work is that of the process that has taken over.
    }
    long all = plan.counts().rows();
    return result(Outcome.PUBLISHED, Optional.of(ready.manifest()), all, all);
  }

  /** Whether a night is in the store: a deadline can cancel what is asked after the commit. */
  private boolean isCommitted(long transaction) {
    return store
        .readableManifest(night.date())
        .filter(found -> found.transaction() == transaction)
        .isPresent();
  }

  /** What is damaged would be so again: the next start starts over. */
  private void checkNothingLost(Work work, long planned, long scored) throws IOException {
    if (planned != scored) {
      work.delete();
      throw new OutputException(
          String.format(
              Locale.ROOT,
              "Cannot publish night %s: %,d rows were planned and %,d scored. Run again.",
              night.date(),
              planned,
              scored));
    }
  }

  /** What the batches of all chunks noted, in a dataset of its own. */
  private Dataset<Row> batches(Work work, Chunks chunks) {
    Dataset<Row> noted = BatchLog.read(spark, "", List.of());
    for (Work.Chunk chunk : chunks.done()) {
      noted = noted.union(BatchLog.read(spark, chunk.batches(), chunk.attempts()));
    }
    String gathered = work.begin("gathered");
    work.write(noted.repartition(1), gathered);
    return spark.read().parquet(gathered);
  }

  /** The result of a night that the deadline kept from beginning. */
  public static Result notBegun(LocalDate date, NightStore store) {
    return new Result(
        date, Outcome.STOPPED, Optional.empty(), 0, 0, store.place(date), Optional.empty());
  }

  private Result stopped(Work work) throws IOException {
    Optional<Work.Plan> plan = work.plan();
    if (plan.isEmpty()) {
      return notBegun(night.date(), store);
    }
    NightRows.PlanCounts counts = plan.get().counts();
    long scored = work.chunks().stream().mapToLong(Work.Chunk::rows).sum();
    return result(Outcome.STOPPED, Optional.empty(), counts.reused() + scored, counts.rows());
  }

  private Result result(Outcome outcome, Optional<Manifest> manifest, long done, long rows) {
    return new Result(
        night.date(), outcome, manifest, done, rows, store.place(night.date()), Optional.empty());
  }

  private void refuseNewModel(Optional<LocalDate> last) {
    if (last.isEmpty() || night.newModel()) {
      return;
    }
    Dataset<Row> rows = store.rows(last.get(), last.get()).orElseThrow();
    for (Row row : rows.select("model_sha256", "config_sha256").limit(1).collectAsList()) {
      if (!model.scoredAs(row.getString(0), row.getString(1))) {
        throw new ModelException(
            "Cannot score night %s with model %s (sha256 %.12s): the last night, %s, was scored with another (sha256 %.12s). Set --new-model to continue with the new one, or --model to the one before."
                .formatted(
                    night.date(),
                    model.facts().name(),
                    model.facts().sha256(),
                    last.get(),
                    row.getString(0)));
      }
    }
  }
}
