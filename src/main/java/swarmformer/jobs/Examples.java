package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.data.Columns;
import swarmformer.data.Texts;

/** A few predictions of short texts, for a person to look at. */
final class Examples {
  /** Texts from the start of the input to choose from. */
  private static final int HEAD = 200;

  /** Examples of each class. */
  private static final int OF_CLASS = 3;

  /** Classes that are shown. */
  private static final int CLASSES = 3;

  /** Longer texts do not fit a line. */
  private static final int CHARACTERS = 60;

  private Examples() {}

  /**
   * A prediction.
   *
   * @param probability of the class
   */
  record Example(String sentiment, double probability, String text) {}

  /**
   * Those of short texts near the beginning of the input, class by class. An ID of several rows
   * tells not which text was predicted.
   */
  static List<Example> of(Texts texts, Dataset<Row> predictions) {
    Map<String, String> shortTexts = new LinkedHashMap<>();
    texts
        .rows()
        .where(length(col(Texts.CONTENT)).between(1, CHARACTERS))
        .select(Columns.idText(texts.rows()), col(Texts.CONTENT))
        .limit(HEAD)
        .collectAsList()
        .forEach(row -> shortTexts.putIfAbsent(row.getString(0), row.getString(1)));
    Map<String, Row> scored = new HashMap<>();
    Set<String> repeated = new HashSet<>();
    predictions
        .where(Columns.idText(predictions).isin(shortTexts.keySet().toArray()))
        .select(
            Columns.idText(predictions),
            col("sentiment"),
            col("probabilities").getItem(col("prediction")).cast("double"))
        .collectAsList()
        .forEach(
            row -> {
              if (scored.putIfAbsent(row.getString(0), row) != null) {
                repeated.add(row.getString(0));
              }
            });
    Map<String, List<Example>> byClass = new LinkedHashMap<>();
    shortTexts.forEach(
        (id, text) -> {
          Row row = scored.get(id);
          if (row != null && !row.isNullAt(1) && !repeated.contains(id)) {
            byClass
                .computeIfAbsent(row.getString(1), absent -> new ArrayList<>())
                .add(new Example(row.getString(1), row.getDouble(2), text));
          }
        });
    return byClass.values().stream()
        .limit(CLASSES)
        .flatMap(examples -> examples.stream().limit(OF_CLASS))
        .toList();
  }
}
