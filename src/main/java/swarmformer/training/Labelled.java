package swarmformer.training;

/**
 * A text as it was read.
 *
 * @param text what is said
 * @param label its class, or {@link #UNLABELLED}
 * @param group texts of one group are not divided between training and validation; the text itself
 *     if it is of none
 */
public record Labelled(String text, int label, String group) {
  /** What stands for the class of a text that nobody has labelled. */
  public static final int UNLABELLED = -1;
}
