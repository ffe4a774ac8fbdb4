package swarmformer.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Which texts make a step, in an epoch. Depends on the seed and the epoch alone. */
final class EpochPlan {
  /** Batches among which texts are grouped by length. */
  private static final int GROUPED = 32;

  private EpochPlan() {}

  /**
   * Every text once, in batches of texts of about equal length, in random order.
   *
   * @param lengths of the texts
   */
  static List<int[]> batches(int[] lengths, int batchSize, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    List<int[]> batches = new ArrayList<>();
    for (List<Integer> group : cut(order, GROUPED * batchSize)) {
      List<Integer> sorted = new ArrayList<>(group);
      sorted.sort(Comparator.comparingInt(i -> -lengths[i]));
      cut(sorted, batchSize)
          .forEach(batch -> batches.add(batch.stream().mapToInt(i -> i).toArray()));
    }
    Collections.shuffle(batches, random);
    return batches;
  }

  private static List<List<Integer>> cut(List<Integer> list, int size) {
    List<List<Integer>> parts = new ArrayList<>();
    for (int from = 0; from < list.size(); from += size) {
      parts.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return parts;
  }

  /**
   * Cuts texts of a batch, the longest first, into pieces for workers.
   *
   * @param width positions of a text of this many tokens
   * @param positions that a piece may have, if it has more than one text
   * @return for each worker its pieces, each the numbers of its texts
   */
  static List<List<int[]>> pieces(int[] width, int positions, int workers) {
    int total = Arrays.stream(width).sum();
    int pieces = (total + positions - 1) / positions;
    pieces = (pieces + workers - 1) / workers * workers;
    int share = Math.min(positions, (total + pieces - 1) / pieces);
    List<List<int[]>> ofWorker = new ArrayList<>();
    long[] load = new long[workers];
    for (int worker = 0; worker < workers; worker++) {
      ofWorker.add(new ArrayList<>());
    }
    for (int from = 0; from < width.length; ) {
      int rows =
          Math.max(1, Math.min(width.length - from, Math.round((float) share / width[from])));
      while (rows > 1 && rows * width[from] > positions) {
        rows--;
      }
      int worker = least(load);
      int first = from;
      int[] piece = new int[rows];
      Arrays.setAll(piece, i -> first + i);
      ofWorker.get(worker).add(piece);
      load[worker] += (long) rows * width[from];
      from += rows;
    }
    return ofWorker;
  }

  private static int least(long[] load) {
    int least = 0;
    for (int i = 1; i < load.length; i++) {
      least = load[i] < load[least] ? i : least;
    }
    return least;
  }
}
