package swarmformer.nightly;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.store.Confidence;
import swarmformer.store.Digest;
import swarmformer.store.Drift;

/** What is added up over the rows of a night where they are written or read, in one pass. */
record RowSums(Digest digest, Drift.Distribution distribution, Confidence confidence) {
  /** Of no rows. */
  static final RowSums NONE = new RowSums(Digest.NONE, Drift.Distribution.NONE, Confidence.NONE);

  /** Its figures, of rows that are aggregated. */
  static List<Column> aggregates(double temperature) {
    List<Column> figures = new ArrayList<>(Digest.aggregates());
    figures.addAll(Drift.Distribution.aggregates());
    figures.addAll(Confidence.aggregates(temperature));
    return figures;
  }

  /** Reads the figures of {@link #aggregates}. */
  static RowSums of(Map<String, ?> figures) {
    return new RowSums(Digest.of(figures), Drift.Distribution.of(figures), Confidence.of(figures));
  }

  /** Reads all rows. */
  static RowSums of(Dataset<Row> rows, double temperature) {
    List<Column> figures = aggregates(temperature);
    Row row =
        rows.agg(figures.get(0), figures.subList(1, figures.size()).toArray(Column[]::new)).head();
    Map<String, Object> byName = new TreeMap<>();
    for (String name : row.schema().fieldNames()) {
      byName.put(name, row.getAs(name));
    }
    return of(byName);
  }

  /** Those of the rows of both. */
  RowSums plus(RowSums other) {
    return new RowSums(
        digest.plus(other.digest),
        distribution.plus(other.distribution),
        confidence.plus(other.confidence));
  }
}
