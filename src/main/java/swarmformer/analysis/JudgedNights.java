package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Nights with rows whose labels have come.
 *
 * @param byNight those of each such night
 * @param distinct those of all nights; a row that several nights have, as reused ones, once
 */
public record JudgedNights(Map<LocalDate, NightAccuracy> byNight, NightAccuracy distinct) {
  /** None. */
  public static final JudgedNights NONE = new JudgedNights(Map.of(), NightAccuracy.NONE);

  /**
   * Counts them.
   *
   * @param labelled rows of a store with their {@code label}, a class number of the model of their
   *     night
   */
  public static JudgedNights of(Dataset<Row> labelled) {
    Dataset<Row> rows =
        LabelledRows.of(labelled)
            .select(
                col("date").cast("string").as("date"),
                col("id"),
                col("content_hash"),
                col("model_sha256"),
                col("config_sha256"),
                LabelledRows.RIGHT.as("right"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<LocalDate, NightAccuracy> nights = new HashMap<>();
      rows.groupBy("date")
          .agg(count(lit(1)), sum("right"))
          .collectAsList()
          .forEach(
              night ->
                  nights.put(
                      LocalDate.parse(night.getString(0)),
                      new NightAccuracy(night.getLong(1), night.getLong(2))));
      Row all =
          rows.groupBy("id", "content_hash", "model_sha256", "config_sha256")
              .agg(first("right").as("right"))
              .agg(count(lit(1)), sum("right"))
              .head();
      return new JudgedNights(
          nights, new NightAccuracy(all.getLong(0), all.isNullAt(1) ? 0 : all.getLong(1)));
    } finally {
      rows.unpersist();
    }
  }
}
