package swarmformer.scoring;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import swarmformer.model.Logits;

/** What became of the rows of one batch. */
final class BatchCounts {
  private final List<String> classNames;
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<String, Long> bySentiment = new TreeMap<>();
  private int rows;
  private int scored;
  private int truncated;
  private int undecodable;
  private int labelled;
  private int unreadableLabels;
  private long tokens;

  /** Counts rows by the names of their classes, in order. */
  BatchCounts(List<String> classNames) {
    this.classNames = classNames;
  }

  /**
   * Counts a row.
   *
   * @param logits of the row (N); null if it could not be scored
   */
  void add(TokenizedRow row, float[] logits) {
    rows++;
    labelled += row.label() == TokenizedRow.Label.KNOWN ? 1 : 0;
    unreadableLabels += row.label() == TokenizedRow.Label.UNRECOGNISED ? 1 : 0;
    if (logits == null) {
      errors.merge(row.error().split(":", 2)[0], 1L, Long::sum);
      return;
    }
    bySentiment.merge(classNames.get(Logits.greatest(logits)), 1L, Long::sum);
    scored++;
    truncated += row.tokens().truncated() ? 1 : 0;
    undecodable += row.undecodable() ? 1 : 0;
    tokens += row.length();
  }

  /** Rows that could not be scored, by the kind of their error. */
  Map<String, Long> errors() {
    return errors;
  }

  /** Scored rows by the name of their predicted class. */
  Map<String, Long> bySentiment() {
    return bySentiment;
  }

  /** All rows, those with an error included. */
  int rows() {
    return rows;
  }

  /** Rows with a prediction. */
  int scored() {
    return scored;
  }

  /** Scored rows whose text was cut. */
  int truncated() {
    return truncated;
  }

  /** Scored rows whose text holds U+FFFD. */
  int undecodable() {
    return undecodable;
  }

  /** Rows whose label is a class of the model. */
  int labelled() {
    return labelled;
  }

  /** Rows whose label was given and is none. */
  int unreadableLabels() {
    return unreadableLabels;
  }

  /** Token ids of the scored rows. */
  long tokens() {
    return tokens;
  }
}
