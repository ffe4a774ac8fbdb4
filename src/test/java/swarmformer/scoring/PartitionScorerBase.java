package swarmformer.scoring;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.LocalSpark;
import swarmformer.model.Logits;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;

/** Scores rows with the thread that a GPU would have, on a CPU. */
class PartitionScorerBase {
  static final long SEED = 20_261_124;
  static final int ROWS = 97;

  static ExecutorModel model;
  static List<Row> rows;
  static List<Row> expected;

  ExecutorService deviceThread = Executors.newSingleThreadExecutor();
  final Semaphore permits = new Semaphore(1, true);
  final AtomicLong progress = new AtomicLong();
  final List<BatchRecord> records = new ArrayList<>();
  final AtomicLong ends = new AtomicLong();

  @BeforeAll
  static void scoreRowByRow() {
    LocalSpark.session(); // batch records name the executor
    TorchEngine.start(1);
    model =
        ExecutorState.ofJvm()
            .model(
                new Checkpoints(new Configuration(), Map.of()).read("small-imdb"),
                Device.cpu(),
                CpuSettings.of(1, true, false, false));
    Random random = new Random(SEED);
    rows = IntStream.range(0, ROWS).mapToObj(i -> row(i, random)).toList();
    expected = list(new PartitionScorerBase().score(rows, 1, 1, false));
  }

  /** Every seventh row cannot be scored. */
  private static Row row(int id, Random random) {
    List<Integer> ids = random.ints(3 + random.nextInt(120), 1_000, 30_000).boxed().toList();
    return RowFactory.create(
        id, id % 7 == 6 ? null : CollectionConverters.asScala(ids).toSeq(), false, null);
  }

  @AfterEach
  void end() {
    deviceThread.shutdownNow();
  }

  Iterator<Row> score(List<Row> input, int batchSize, int batches, boolean ahead) {
    if (deviceThread.isShutdown()) { // after other rows
      deviceThread = Executors.newSingleThreadExecutor();
    }
    return scored(
        input.iterator(),
        batchSize,
        batches,
        model.network()::logits,
        false,
        ahead ? Optional.of(deviceThread) : Optional.empty());
  }

  Iterator<Row> scored(
      Iterator<Row> input,
      int batchSize,
      int batches,
      Function<int[][], Logits> network,
      boolean failOnBadRow,
      Optional<ExecutorService> thread) {
    ScoringSettings settings = CpuSettings.of(batchSize, true, false, failOnBadRow);
    RowTokenizer reader = new RowTokenizer(model.network().config(), settings, 1);
    TaskDevice device = new TaskDevice(Device.cpu(), null, null);
    return new PartitionScorer.Rows(
        new BatchWindow.Reader(input, reader, batchSize, batches),
        new BatchScorer(
            network, model.classNames(), reader, permits, device, model.load(), batchSize),
        new PredictionWriter(model.classNames(), 1, false),
        window -> {
          progress.addAndGet(window.rows().size());
          records.addAll(window.batches());
        },
        ends::incrementAndGet,
        thread);
  }

  static List<Row> list(Iterator<Row> scored) {
    List<Row> list = new ArrayList<>();
    scored.forEachRemaining(list::add);
    return list;
  }
}
