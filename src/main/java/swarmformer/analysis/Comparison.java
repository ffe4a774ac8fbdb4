package swarmformer.analysis;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.special.Erf;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import swarmformer.data.Columns;
import swarmformer.errors.InputException;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Softmax;

/**
 * Two runs on the rows that both predict, found by ids that occur once in each, and judged by the
 * labels of this one.
 *
 * @param runId the other run
 * @param counts which of the two is right
 * @param significance whether they differ by more than chance
 * @param here figures of this run on these rows
 * @param there those of the other
 * @param slices accuracy of both by the columns asked for
 * @param turned rows that the runs predict differently
 */
public record Comparison(
    String runId,
    Counts counts,
    Significance significance,
    Figures here,
    Figures there,
    List<ComparedSlices> slices,
    List<Turned> turned) {
  private static final int EXACT_UP_TO = 1_000;

  /** Rows that became wrong, and rows that became right, that are told. */
  private static final int MOST_TURNED = 10;

  /** How columns of pairs that are sliced by begin. */
  private static final String SLICE = "slice_";

  /**
   * Rows that both judge.
   *
   * @param bothRight rows that both have right
   * @param onlyHere rows that only this run has right
   * @param onlyThere rows that only the other run has right
   * @param bothWrong rows that both have wrong
   */
  public record Counts(long bothRight, long onlyHere, long onlyThere, long bothWrong) {
    /** All of them. */
    public long rows() {
      return bothRight + onlyHere + onlyThere + bothWrong;
    }

    /** Accuracy of this run on them; 0 without rows. */
    public double accuracyHere() {
      return share(bothRight + onlyHere);
    }

    /** Accuracy of the other run on them; 0 without rows. */
    public double accuracyThere() {
      return share(bothRight + onlyThere);
    }

    /** Accuracy of this run minus that of the other; 0 without rows. */
    public double difference() {
      return share(onlyHere - onlyThere);
    }

    private double share(long part) {
      return rows() == 0 ? 0 : (double) part / rows();
    }
  }

  /**
   * Whether the runs differ by more than chance.
   *
   * @param difference accuracy of this run minus that of the other; 0 without rows
   * @param interval where the true difference lies, by Tango's score interval
   * @param exact whether the p-value is that of the exact test
   * @param pValue of McNemar's test, two-sided: how likely so great a difference is if both are
   *     equally good. Exact up to {@value #EXACT_UP_TO} rows that one of them has right; of more
   *     that of chi-square with continuity correction. With groups that of Student's t for the root
   *     of McNemar's statistic of as many rows as they are worth: it is below 0.05 where the
   *     interval does not hold 0
   * @param groups of rows that are alike, which interval and p-value heed; null where they take
   *     rows as independent
   */
  public record Significance(
      double difference, Interval interval, boolean exact, double pValue, Groups groups) {
    /** Of independent rows. */
    static Significance of(Counts counts) {
      long here = counts.onlyHere();
      long there = counts.onlyThere();
      boolean exact = here + there <= EXACT_UP_TO;
      return new Significance(
          counts.difference(),
          Interval.pairedDifference(here, there, counts.rows()),
          exact,
          exact ? exactly(here, there) : byChiSquare(here, there),
          null);
    }

    /** Of rows in groups. */
    static Significance of(Counts counts, Groups groups) {
      double one = (double) counts.onlyHere() + counts.onlyThere();
      double ofRows = (counts.onlyHere() - counts.onlyThere()) / Math.sqrt(one);
      double t = one == 0 ? 0 : ofRows * Math.sqrt(groups.effectiveRows() / counts.rows());
      return new Significance(
          counts.difference(), groups.interval(), false, groups.pValue(t), groups);
    }
  }

  /** Figures of a run on the rows of both, as {@link Confusion} has them. */
  public record Figures(double accuracy, double precision, double recall, double f1) {
    static Figures of(Confusion confusion) {
      return new Figures(
          confusion.accuracy(), confusion.precision(), confusion.recall(), confusion.f1());
    }
  }

  /**
   * A row that one run has right and the other wrong.
   *
   * @param id of the row
   * @param label class it has
   * @param here what this run predicts
   * @param there what the other predicts
   * @param confidence probability of what this run predicts
   */
  public record Turned(String id, long label, long here, long there, double confidence) {
    /** Whether this run has it right. */
    public boolean isRight() {
      return here == label;
    }
  }

  /**
   * Compares predictions with those of another run.
   *
   * @param asked with the other run
   * @param classes number of classes of this run
   * @throws InputException if they share no row, or all that they share are of one group
   */
  static Comparison of(Dataset<Row> predictions, Analysis.Questions asked, int classes) {
    Analysis.OtherRun other = asked.against().orElseThrow();
    Dataset<Row> pairs =
        judgements(predictions, asked)
            .join(predictionsThere(other.predictions()), "id")
            .withColumn("right_there", col("prediction_there").equalTo(col("label")))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      PairedCounts paired = PairedCounts.by(pairs, lit(""), asked.clusterBy()).get("");
      if (paired == null) {
        throw new InputException(
            "Cannot compare with run '%s': no row with a label and a prediction has the same id in both. Set --against to a run of the same input, with the same --id-col."
                .formatted(other.id()));
      }
      if (paired.isOneGroup()) {
        throw Groups.tooFew(
            asked.clusterBy().get(),
            "all rows that are compared with run '%s'".formatted(other.id()));
      }
      int classesThere = 1 + pairs.agg(max(col("prediction_there"))).head().getInt(0);
      return new Comparison(
          other.id(),
          paired.counts(),
          paired.significance(),
          figures(pairs, "prediction_here", Math.max(classes, classesThere)),
          figures(pairs, "prediction_there", Math.max(classes, classesThere)),
          slices(pairs, asked),
          turned(pairs));
    } finally {
      pairs.unpersist();
    }
  }

  /** Rows whose id occurs once, with what became of them, and what is asked of them. */
  private static Dataset<Row> judgements(Dataset<Row> predictions, Analysis.Questions asked) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                first(col("prediction").equalTo(col("label"))).as("right_here"),
                first(col("label")).as("label"),
                first(col("prediction")).as("prediction_here"),
                first(Softmax.confidence(1)).as("confidence")));
    asked
        .clusterBy()
        .ifPresent(it -> columns.add(first(LabelledRows.textOf(it)).as(PairedCounts.GROUP)));
    for (int i = 0; i < asked.slices().size(); i++) {
      columns.add(first(LabelledRows.textOf(asked.slices().get(i))).as(SLICE + i));
    }
    return ofSingleIds(LabelledRows.ofLabelled(predictions), columns)
        .where(col("label").isNotNull().and(col("prediction_here").isNotNull()));
  }

  /** What the other run predicts, whatever labels it had: both are judged by those of this run. */
  private static Dataset<Row> predictionsThere(Dataset<Row> predictions) {
    return ofSingleIds(predictions, List.of(first(col("prediction")).as("prediction_there")))
        .where("prediction_there IS NOT NULL");
  }

  /** Of all rows, those whose error left them without a prediction among them. */
  private static Dataset<Row> ofSingleIds(Dataset<Row> rows, List<Column> columns) {
    return rows.groupBy(Columns.idText(rows).as("id"))
        .agg(count(lit(1)).as("rows"), columns.toArray(Column[]::new))
        .where("rows = 1 AND id IS NOT NULL")
        .drop("rows");
  }

  private static Figures figures(Dataset<Row> pairs, String prediction, int classes) {
    return Figures.of(
        Confusion.of(pairs.select(col("label"), col(prediction).as("prediction")), classes));
  }

  private static List<ComparedSlices> slices(Dataset<Row> pairs, Analysis.Questions asked) {
    return IntStream.range(0, asked.slices().size())
        .mapToObj(
            i -> ComparedSlices.of(pairs, asked.slices().get(i), col(SLICE + i), asked.clusterBy()))
        .toList();
  }

  /** Rows that became wrong, then rows that became right, the most confident ones of each. */
  private static List<Turned> turned(Dataset<Row> pairs) {
    Column becameRight = col("right_here");
    return mostConfident(pairs.where("right_there AND NOT right_here"))
        .unionByName(mostConfident(pairs.where("right_here AND NOT right_there")))
        .orderBy(becameRight, col("confidence").desc(), col("id"))
        .collectAsList()
        .stream()
        .map(
            row ->
                new Turned(
                    row.getAs("id"),
                    row.<Integer>getAs("label"),
                    row.<Integer>getAs("prediction_here"),
                    row.<Integer>getAs("prediction_there"),
                    row.<Double>getAs("confidence")))
        .toList();
  }

  private static Dataset<Row> mostConfident(Dataset<Row> rows) {
    return rows.orderBy(col("confidence").desc(), col("id")).limit(MOST_TURNED);
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
