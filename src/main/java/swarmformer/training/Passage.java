package swarmformer.training;

import java.util.SplittableRandom;

/**
 * What a network reads of a text.
 *
 * @param ids special tokens included
 * @param part how much of the text they are, from 0 to 1; 1 for the window that the network reads
 *     where it is used
 * @param crop whether they are a part of the text from a random position, of a random length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Passage(int[] ids, double part, boolean crop) {
  /** The window that a network reads where it is used. */
  static Passage window(Example text, Recipe.Architecture network) {
    return new Passage(text.window(network.seqLen(), network.truncationSide()), 1, false);
  }

  /**
   * From a random position, of a length whose logarithm is uniformly distributed. No crop if that
   * is the whole text.
   *
   * @param least tokens, if the text has as many
   * @param most tokens
   */
  static Passage crop(Example text, int least, int most, SplittableRandom random) {
    int longest = text.read(most);
    int shortest = Math.min(least, longest);
    double ratio = (double) longest / shortest;
    int length = (int) Math.round(shortest * Math.pow(ratio, random.nextDouble()));
    int[] ids = text.window(length, random.nextInt(text.places(length)));
    return new Passage(ids, text.part(ids), ids.length < text.tokens().length);
  }
}
