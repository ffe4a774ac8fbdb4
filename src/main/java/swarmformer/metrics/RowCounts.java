package swarmformer.metrics;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.map_concat;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform_keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What became of the rows of a run.
 *
 * @param rows all rows
 * @param scored rows with a prediction
 * @param truncated scored rows whose text was cut
 * @param tokens token ids of the scored rows
 * @param errors rows without a prediction, by the kind of their error
 * @param bySentiment scored rows, by the name of the predicted class
 * @param labelled rows whose label is a class of the model
 * @param unreadableLabels rows whose label was given and is none
 */
public record RowCounts(
    long rows,
    long scored,
    long truncated,
    long tokens,
    Map<String, Long> errors,
    Map<String, Long> bySentiment,
    long labelled,
    long unreadableLabels) {
  private static final String ROWS = "rows";
  private static final String ERRORS = "errors";
  private static final String TRUNCATED = "truncated";
  private static final String TOKENS = "tokens";
  private static final String LABELLED = "labelled";
  private static final String UNREADABLE = "unreadable_labels";
  private static final String OF_ERROR = "error:";
  private static final String OF_SENTIMENT = "sentiment:";

  /** Of no rows. */
  public static final RowCounts NONE = new RowCounts(0, 0, 0, 0, Map.of(), Map.of(), 0, 0);

  /** Sums up the batches dataset. */
  public static RowCounts of(Dataset<Row> batches) {
    List<Column> counts = new ArrayList<>();
    for (String name : List.of(ROWS, ERRORS, TRUNCATED, TOKENS, LABELLED, UNREADABLE)) {
      counts.add(lit(name));
      counts.add(col(name).cast("long"));
    }
    Column all =
        map_concat(
            map(counts.toArray(Column[]::new)),
            transform_keys(col("error_kinds"), (kind, n) -> concat(lit(OF_ERROR), kind)),
            transform_keys(col("by_sentiment"), (name, n) -> concat(lit(OF_SENTIMENT), name)));
    Map<String, Long> totals = new TreeMap<>();
    batches
        .select(explode(all))
        .groupBy("key")
        .agg(sum("value"))
        .collectAsList()
        .forEach(row -> totals.put(row.getString(0), row.getLong(1)));
    if (totals.isEmpty()) {
      return NONE;
    }
    return new RowCounts(
        totals.get(ROWS),
        totals.get(ROWS) - totals.get(ERRORS),
        totals.get(TRUNCATED),
        totals.get(TOKENS),
        of(OF_ERROR, totals),
        of(OF_SENTIMENT, totals),
        totals.get(LABELLED),
        totals.get(UNREADABLE));
  }

  private static Map<String, Long> of(String kind, Map<String, Long> totals) {
    Map<String, Long> counts = new TreeMap<>();
    totals.forEach(
        (name, count) -> {
          if (name.startsWith(kind)) {
            counts.put(name.substring(kind.length()), count);
          }
        });
    return counts;
  }

  /** Counts predictions, in one pass. Labels are not looked at. */
  public static RowCounts ofPredictions(Dataset<Row> predictions) {
    RowCounts counts = NONE;
    for (Row group :
        predictions
            .groupBy(
                substring_index(col("error"), ":", 1).as("kind"), col("sentiment").as("sentiment"))
            .agg(count(lit(1)), total(col("truncated")), total(col("tokens")))
            .collectAsList()) {
      long rows = group.getLong(2);
      boolean scored = !group.isNullAt(1);
      counts =
          counts.plus(
              new RowCounts(
                  rows,
                  scored ? rows : 0,
                  group.getLong(3),
                  group.getLong(4),
                  group.isNullAt(0) ? Map.of() : Map.of(group.getString(0), rows),
                  scored ? Map.of(group.getString(1), rows) : Map.of(),
                  0,
                  0));
    }
    return counts;
  }

  /** Those of both. */
  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        rows + other.rows,
        scored + other.scored,
        truncated + other.truncated,
        tokens + other.tokens,
        plus(errors, other.errors),
        plus(bySentiment, other.bySentiment),
        labelled + other.labelled,
        unreadableLabels + other.unreadableLabels);
  }

  private static Map<String, Long> plus(Map<String, Long> one, Map<String, Long> other) {
    Map<String, Long> sum = new TreeMap<>(one);
    other.forEach((name, count) -> sum.merge(name, count, Long::sum));
    return sum;
  }

  private static Column total(Column count) {
    return coalesce(sum(count.cast("long")), lit(0L));
  }
}
