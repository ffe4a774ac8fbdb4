package swarmformer.store;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import swarmformer.metrics.Softmax;

/**
 * How sure the model is of its predictions: confidence-based performance estimation, which needs no
 * labels. Where probabilities are calibrated, of the rows predicted with probability p a share of p
 * is right, so that the mean of them estimates the accuracy. It does not see that texts have come
 * to mean something else.
 *
 * @param rows scored rows
 * @param total of the probabilities of their predicted classes
 */
public record Confidence(long rows, double total) {
  private static final String ROWS = "confidence_rows";
  private static final String SUM = "confidence_sum";

  /** Of no rows. */
  public static final Confidence NONE = new Confidence(0, 0);

  /**
   * Its two figures, of rows that are aggregated.
   *
   * @param temperature what logits are divided by for calibrated probabilities
   */
  public static List<Column> aggregates(double temperature) {
    return List.of(
        count(col("logits")).as(ROWS),
        coalesce(sum(Softmax.confidence(temperature)), lit(0.0)).as(SUM));
  }

  /** Reads the figures of {@link #aggregates}. */
  public static Confidence of(Map<String, ?> figures) {
    return new Confidence((Long) figures.get(ROWS), (Double) figures.get(SUM));
  }

  /** That of the rows of both. */
  public Confidence plus(Confidence other) {
    return new Confidence(rows + other.rows, total + other.total);
  }

  /** The share of predictions that are right, if the probabilities are calibrated. */
  public Optional<Manifest.Estimate> estimate(double temperature) {
    return rows == 0
        ? Optional.empty()
        : Optional.of(new Manifest.Estimate(total / rows, temperature));
  }
}
