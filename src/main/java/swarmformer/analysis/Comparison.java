package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.special.Erf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.data.Columns;

/**
 * Two runs on the rows that both judge, found by ids that occur once in each.
 *
 * @param runId the other run
 * @param rows rows that both judge
 * @param bothRight rows that both have right
 * @param onlyHere rows that only this run has right
 * @param onlyThere rows that only the other run has right
 * @param bothWrong rows that both have wrong
 * @param accuracyHere accuracy of this run on these rows; 0 where there are none
 * @param accuracyThere that of the other
 * @param exact whether the p-value is that of the exact test
 * @param pValue of McNemar's test, two-sided: how likely so great a difference is if both are
 *     equally good. Exact up to {@value #EXACT_UP_TO} rows that one of them has right; of more that
 *     of chi-square with continuity correction
 */
public record Comparison(
    String runId,
    long rows,
    long bothRight,
    long onlyHere,
    long onlyThere,
    long bothWrong,
    double accuracyHere,
    double accuracyThere,
    boolean exact,
    double pValue) {
  private static final int EXACT_UP_TO = 1_000;

  /** Compares predictions with those of another run. */
  static Comparison of(Dataset<Row> predictions, String runId, Dataset<Row> others) {
    Row counts =
        judgements(predictions, "here")
            .join(judgements(others, "there"), "id")
            .selectExpr(
                "count_if(here AND there)",
                "count_if(here AND NOT there)",
                "count_if(there AND NOT here)",
                "count_if(NOT here AND NOT there)")
            .head();
    return of(runId, counts.getLong(0), counts.getLong(1), counts.getLong(2), counts.getLong(3));
  }

  private static Dataset<Row> judgements(Dataset<Row> predictions, String name) {
    Dataset<Row> judged = LabelledRows.of(predictions);
    return judged
        .groupBy(Columns.idText(judged).as("id"))
        .agg(count(lit(1)).as("rows"), first(col("prediction").equalTo(col("label"))).as(name))
        .where("rows = 1 AND id IS NOT NULL")
        .drop("rows");
  }

  /** Tests counts. */
  public static Comparison of(
      String runId, long bothRight, long onlyHere, long onlyThere, long bothWrong) {
    long rows = bothRight + onlyHere + onlyThere + bothWrong;
    boolean exact = onlyHere + onlyThere <= EXACT_UP_TO;
    return new Comparison(
        runId,
        rows,
        bothRight,
        onlyHere,
        onlyThere,
        bothWrong,
        rows == 0 ? 0 : (double) (bothRight + onlyHere) / rows,
        rows == 0 ? 0 : (double) (bothRight + onlyThere) / rows,
        exact,
        exact ? exactly(onlyHere, onlyThere) : byChiSquare(onlyHere, onlyThere));
  }

  private static double exactly(long here, long there) {
    BinomialDistribution even = new BinomialDistribution(null, (int) (here + there), 0.5);
    return Math.min(1, 2 * even.cumulativeProbability((int) Math.min(here, there)));
  }

  private static double byChiSquare(long here, long there) {
    double apart = Math.max(0, Math.abs(here - there) - 1);
    double chiSquare = apart * apart / (here + there);
    return Erf.erfc(Math.sqrt(chiSquare / 2));
  }
}
