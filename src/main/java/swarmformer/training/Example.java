package swarmformer.training;

import swarmformer.tokens.TruncationSide;

/**
 * A text to learn from.
 *
 * @param tokens its ids, special tokens included, not cut to the network's length
 * @param label its class, or {@link Labelled#UNLABELLED}
 * @param target what the network is to say
 * @param weight in the loss
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Example(int[] tokens, int label, Target target, float weight) {
  private static final int BEHIND_LAST = 102; // [SEP]

  /** What the network is to say of what it reads. Safe for use by many threads. */
  @FunctionalInterface
  interface Target {
    /**
     * The share of each class, which add up to 1, in an array of the caller's own.
     *
     * @param networks what {@link NetworkTeachers#logShares} gave for the passage
     */
    float[] of(Passage passage, double[] networks);
  }

  /** The same with other tokens. */
  Example with(int[] others) {
    return new Example(others, label, target, weight);
  }

  /** The ids that the network reads where it is used: all, or as many as fit. */
  int[] window(int length, TruncationSide truncationSide) {
    return window(tokens, length, truncationSide);
  }

  /** All of some ids, or as many as fit. */
  static int[] window(int[] tokens, int length, TruncationSide truncationSide) {
    return window(
        tokens,
        length,
        truncationSide == TruncationSide.LEFT ? Math.max(0, tokens.length - length) : 0);
  }

  /**
   * All ids, or as many as fit.
   *
   * @param length most ids
   * @param from first token after {@code [CLS]} that is read, if not all fit
   */
  int[] window(int length, int from) {
    return window(tokens, length, from);
  }

  private static int[] window(int[] tokens, int length, int from) {
    if (tokens.length <= length) {
      return tokens;
    }
    int[] window = new int[length];
    window[0] = tokens[0];
    System.arraycopy(tokens, 1 + from, window, 1, length - 2);
    window[length - 1] = BEHIND_LAST;
    return window;
  }

  /** How much of the text ids of it are, from 0 to 1. */
  double part(int[] ids) {
    return ids.length == tokens.length ? 1 : (ids.length - 2.0) / (tokens.length - 2);
  }

  /** Ids of a {@link #window}. */
  int read(int length) {
    return Math.min(tokens.length, length);
  }

  /** Places from which {@link #window} can read. */
  int places(int length) {
    return Math.max(1, tokens.length - length + 1);
  }
}
