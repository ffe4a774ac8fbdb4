package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.data.PredictionColumns;
import swarmformer.model.Precision;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.EmittedIds;
import swarmformer.scoring.SingleTexts;

/** Scores texts of the command line, for a first look. */
final class TextScores {
  private TextScores() {}

  static void print(List<String> texts, ModelOptions options, PrintWriter writer) {
    Checkpoint checkpoint =
        Checkpoint.parse(new Checkpoints(SparkJob.hadoop(), System.getenv()).read(options.model));
    Precision precision = options.dtype.equals("bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32;
    ConsoleReport out = new ConsoleReport(writer);
    try (SingleTexts model =
        new SingleTexts(checkpoint, options.settings(precision, false, EmittedIds.NONE, false))) {
      for (String text : texts) {
        Row row = model.score(text);
        String error = row.getString(index(PredictionColumns.ERROR));
        String sentiment = row.getString(index(PredictionColumns.SENTIMENT));
        out.line(error == null ? sentiment : error, "%s  %s", probability(row), text);
      }
    }
    out.end();
  }

  /** Of the predicted class. */
  private static String probability(Row row) {
    int prediction = index(PredictionColumns.PREDICTION);
    if (row.isNullAt(prediction)) {
      return "        ";
    }
    float[] probabilities = (float[]) row.get(index(PredictionColumns.PROBABILITIES));
    return String.format(Locale.ROOT, "%6.2f %%", 100 * probabilities[row.getInt(prediction)]);
  }

  private static int index(String column) {
    return PredictionColumns.SCORED.fieldIndex(column);
  }
}
