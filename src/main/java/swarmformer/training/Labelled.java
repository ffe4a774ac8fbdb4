package swarmformer.training;

import java.util.List;
import java.util.stream.Stream;

/**
 * A text as it was read.
 *
 * @param text what is said
 * @param label its class, or {@link #UNLABELLED}
 * @param group texts of one group are not divided between training and validation; the text itself
 *     if it is of none
 * @param softLabels the share of each class, which add up to 1, that another model gives the text;
 *     empty if none does
 */
public record Labelled(String text, int label, String group, List<Double> softLabels) {
  /** What stands for the class of a text that nobody has labelled. */
  public static final int UNLABELLED = -1;

  /** Keeps a copy of the list. */
  public Labelled {
    softLabels = List.copyOf(softLabels);
  }

  /** A text that no other model was asked about. */
  public Labelled(String text, int label, String group) {
    this(text, label, group, List.of());
  }

  /** How many of the texts have soft labels. */
  public static long countSoftLabels(List<Labelled> labelled, List<Labelled> unlabelled) {
    return Stream.concat(labelled.stream(), unlabelled.stream())
        .filter(text -> !text.softLabels().isEmpty())
        .count();
  }
}
