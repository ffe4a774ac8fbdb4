package swarmformer.scoring;

import ai.djl.Device;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.apache.spark.sql.Row;
import swarmformer.model.Logits;
import swarmformer.model.SwarmFormer;
import swarmformer.tokens.Tokens;

/**
 * The rows of a partition with their predictions, batch by batch, in their order. The first row of
 * each batch carries its {@link BatchRecord}.
 */
final class ScoredRows implements Iterator<Row> {
  private final Iterator<Row> input;
  private final RowReader reader;
  private final SwarmFormer network;
  private final RowWriter writer;
  private final int batchSize;
  private final LongConsumer progress;
  private Iterator<Row> scored = Collections.emptyIterator();
  private int batches;

  ScoredRows(
      Iterator<Row> input,
      RowReader reader,
      SwarmFormer network,
      RowWriter writer,
      int batchSize,
      LongConsumer progress) {
    this.input = input;
    this.reader = reader;
    this.network = network;
    this.writer = writer;
    this.batchSize = batchSize;
    this.progress = progress;
  }

  @Override
  public boolean hasNext() {
    return scored.hasNext() || input.hasNext();
  }

  @Override
  public Row next() {
    if (!scored.hasNext()) {
      if (!input.hasNext()) {
        throw new NoSuchElementException();
      }
      scored = scoreBatch().iterator();
    }
    return scored.next();
  }

  private List<Row> scoreBatch() {
    Instant started = Instant.now();
    long start = System.nanoTime();
    List<RowReader.Item> items = readBatch();
    int[][] ids =
        items.stream()
            .map(RowReader.Item::tokens)
            .filter(Objects::nonNull)
            .map(Tokens::ids)
            .toArray(int[][]::new);
    long tokenised = System.nanoTime();
    Logits logits = network.logits(ids);
    long finished = System.nanoTime();
    BatchRecord record =
        record(items, ids, logits, ms(tokenised - start), ms(finished - tokenised), started);
    progress.accept(items.size());
    return rows(items, logits.rows(), record);
  }

  private List<RowReader.Item> readBatch() {
    List<RowReader.Item> items = new ArrayList<>();
    while (items.size() < batchSize && input.hasNext()) {
      items.add(reader.read(input.next()));
    }
    return items;
  }

  private BatchRecord record(
      List<RowReader.Item> items,
      int[][] ids,
      Logits logits,
      double tokeniseMs,
      double modelMs,
      Instant started) {
    return new BatchRecord(
        batches++,
        items.size(),
        items.size() - ids.length,
        (int) items.stream().filter(RowReader.Item::undecodable).count(),
        Arrays.stream(ids).mapToLong(row -> row.length).sum(),
        logits.positions(),
        tokeniseMs,
        modelMs,
        nameOf(network.device()),
        started);
  }

  private List<Row> rows(List<RowReader.Item> items, float[][] logits, BatchRecord record) {
    List<Row> rows = new ArrayList<>(items.size());
    int next = 0;
    for (RowReader.Item item : items) {
      float[] own = item.tokens() == null ? null : logits[next++];
      rows.add(writer.write(item, own, rows.isEmpty() ? record.toRow() : null));
    }
    return rows;
  }

  /** As torch calls it: {@code cpu}, {@code cuda:0}. */
  private static String nameOf(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : device.getDeviceType();
  }

  private static double ms(long nanos) {
    return nanos / 1e6;
  }
}
