package swarmformer.scoring;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Makes the row of a prediction from an input row and its logits. */
final class RowWriter {
  private static final int PREDICTION_COLUMNS = 7;

  private final List<String> classNames;
  private final int carried;
  private final boolean emitIds;

  /** Writes rows that begin with the {@code carried} first columns of the input. */
  RowWriter(List<String> classNames, int carried, boolean emitIds) {
    this.classNames = classNames;
    this.carried = carried;
    this.emitIds = emitIds;
  }

  /**
   * Makes a row.
   *
   * @param logits of the row (N); null if it could not be scored
   */
  Row write(RowReader.Item item, float[] logits) {
    Object[] values = new Object[carried + PREDICTION_COLUMNS + (emitIds ? 1 : 0)];
    System.arraycopy(item.carried(), 0, values, 0, carried);
    if (logits != null) {
      predict(values, item, logits);
    }
    values[carried + 6] = item.error();
    return RowFactory.create(values);
  }

  private void predict(Object[] values, RowReader.Item item, float[] logits) {
    int prediction = argmax(logits);
    values[carried] = prediction;
    values[carried + 1] = classNames.get(prediction);
    values[carried + 2] = softmax(logits);
    values[carried + 3] = logits;
    values[carried + 4] = item.tokens().ids().length;
    values[carried + 5] = item.tokens().truncated();
    if (emitIds) {
      values[carried + PREDICTION_COLUMNS] = item.emitted();
    }
  }

  /** The class of the greatest logit; of equal ones the first. */
  static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Probabilities (N) of logits (N), computed in double precision. */
  static float[] softmax(float[] logits) {
    double greatest = logits[argmax(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - greatest);
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (Math.exp(logits[i] - greatest) / sum);
    }
    return probabilities;
  }
}
