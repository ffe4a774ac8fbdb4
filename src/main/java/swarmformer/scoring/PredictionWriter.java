package swarmformer.scoring;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.PredictionColumns;
import swarmformer.model.Logits;

/** Makes the row of a prediction from an input row and its logits. */
final class PredictionWriter {
  private static final StructType COLUMNS = PredictionColumns.SCORED;

  private final List<String> classNames;
  private final int carried;
  private final boolean emitIds;

  /** Writes rows that begin with the {@code carried} first columns of the input. */
  PredictionWriter(List<String> classNames, int carried, boolean emitIds) {
    this.classNames = classNames;
    this.carried = carried;
    this.emitIds = emitIds;
  }

  /**
   * Makes a row.
   *
   * @param logits of the row (N); null if it could not be scored
   */
  Row write(TokenizedRow row, float[] logits) {
    Object[] values = new Object[carried + COLUMNS.length() + (emitIds ? 1 : 0)];
    System.arraycopy(row.carried(), 0, values, 0, carried);
    if (logits != null) {
      predict(values, row, logits);
    }
    set(PredictionColumns.ERROR, row.error(), values);
    return RowFactory.create(values);
  }

  private void predict(Object[] values, TokenizedRow row, float[] logits) {
    int prediction = Logits.greatest(logits);
    set(PredictionColumns.PREDICTION, prediction, values);
    set(PredictionColumns.SENTIMENT, classNames.get(prediction), values);
    set(PredictionColumns.PROBABILITIES, softmax(logits), values);
    set(PredictionColumns.LOGITS, logits, values);
    set(PredictionColumns.TOKENS, row.tokens().ids().length, values);
    set(PredictionColumns.TRUNCATED, row.tokens().truncated(), values);
    if (emitIds) {
      values[carried + COLUMNS.length()] = row.emitted();
    }
  }

  private void set(String column, Object value, Object... values) {
    values[carried + COLUMNS.fieldIndex(column)] = value;
  }

  /** Probabilities (N) of logits (N), computed in double precision. */
  static float[] softmax(float[] logits) {
    double greatest = logits[Logits.greatest(logits)];
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
