package swarmformer.scoring;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.PredictionColumns;
import swarmformer.errors.DeviceException;

/**
 * Scores one text at a time, as a function of Spark's expressions. Null gives null, and so does a
 * text without words. Each task has its own.
 */
public final class TextFunction implements Function1<Object, Object>, Serializable {
  /** What it gives for a text. */
  public static final StructType RESULT =
      new StructType()
          .add(PredictionColumns.SCORED.apply(PredictionColumns.PREDICTION))
          .add(PredictionColumns.SCORED.apply(PredictionColumns.SENTIMENT))
          .add(PredictionColumns.SCORED.apply(PredictionColumns.PROBABILITIES));

  /** Errors of rows that have no result; any other one fails the query. */
  public static final List<String> WITHOUT_RESULT =
      List.of(RowTokenizer.NULL_TEXT, RowTokenizer.NO_TOKENS);

  /** How a message about any other one begins. */
  public static final String FAILED = "Cannot score a text: ";

  private static final int ERROR = PredictionColumns.SCORED.fieldIndex(PredictionColumns.ERROR);

  private static final int[] COLUMNS =
      Arrays.stream(RESULT.fieldNames()).mapToInt(PredictionColumns.SCORED::fieldIndex).toArray();

  private static final long serialVersionUID = 1L;

  private final BroadcastModel model;
  private final ScoringSettings settings;
  private transient PartitionScorer task;

  TextFunction(BroadcastModel model, ScoringSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  /** The model. */
  public ModelFiles files() {
    return model.files();
  }

  /** How it scores, in batches where it can. */
  public ScoringSettings settings() {
    return settings;
  }

  @Override
  public Row apply(Object text) {
    if (text == null) {
      return null;
    }
    if (task == null) {
      task = PartitionScorer.ofTask(model.files(), settings, 0);
    }
    Row scored = task.score(RowFactory.create(text, false, null));
    if (scored.isNullAt(ERROR)) {
      return RowFactory.create(Arrays.stream(COLUMNS).mapToObj(scored::get).toArray());
    }
    if (WITHOUT_RESULT.contains(scored.getString(ERROR))) {
      return null;
    }
    throw new DeviceException(FAILED + scored.getString(ERROR));
  }

  /** Functions of equal results are equal, so that Spark computes them once. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TextFunction that
        && model.sha256().equals(that.model.sha256())
        && Arrays.equals(model.config(), that.model.config())
        && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(model.sha256(), settings);
  }
}
