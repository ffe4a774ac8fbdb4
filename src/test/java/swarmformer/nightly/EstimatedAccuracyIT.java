package swarmformer.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import swarmformer.LocalSpark;
import swarmformer.metrics.RowCounts;
import swarmformer.store.Confidence;
import swarmformer.store.Manifest;

/** The accuracy that is estimated without labels. */
class EstimatedAccuracyIT {
  private static final StructType ROWS =
      new StructType()
          .add("logits", DataTypes.createArrayType(DataTypes.FloatType))
          .add("right", DataTypes.BooleanType);

  private final SparkSession spark = LocalSpark.session();

  @Test
  void isTheMeanProbabilityOfThePredictedClass() {
    // At temperature 2: 1 / (1 + e^-1) = 0.7310585786, 1 / (1 + e^-0.5 + e^-1.5) = 0.5465493872.
    Dataset<Row> rows = rows(List.of(3f, 1f), List.of(0f, -2f, 1f));
    assertThat(accuracy(rows, 1))
        .isCloseTo(
            (1 / (1 + Math.exp(-2)) + 1 / (1 + Math.exp(-1) + Math.exp(-3))) / 2, within(1e-9));
    assertThat(accuracy(rows, 2)).isCloseTo((0.7310585786 + 0.5465493872) / 2, within(1e-9));
    assertThat(confidence(rows(), 1).estimate(1)).isEmpty();
  }

  @Test
  void isTheTrueOneOfCalibratedRowsAndNotOfOthers() {
    Random random = new Random(7);
    double temperature = 2.5;
    int right = 0;
    Object[] logits = new Object[20_000];
    for (int i = 0; i < logits.length; i++) {
      float gap = (float) (4 * random.nextGaussian());
      double probability = 1 / (1 + Math.exp(-Math.abs(gap) / temperature));
      right += random.nextDouble() < probability ? 1 : 0;
      logits[i] = List.of(gap, 0f);
    }
    Dataset<Row> rows = rows(logits);
    double accuracy = right / (double) logits.length;
    assertThat(accuracy(rows, temperature)).isCloseTo(accuracy, within(0.01));
    assertThat(accuracy(rows, 1)).isGreaterThan(accuracy + 0.05);
  }

  @Test
  void closesAGate() {
    Gates gates = new Gates(0, OptionalDouble.empty(), Optional.empty(), OptionalDouble.of(0.9));
    assertThat(gates.warnings(RowCounts.NONE, Optional.empty(), Optional.empty())).isEmpty();
    assertThat(warnings(gates, 0.9)).isEmpty();
    assertThat(warnings(gates, 0.8999))
        .containsExactly("the estimated accuracy is 89.99 %, less than 90.00 %");
  }

  private static List<String> warnings(Gates gates, double accuracy) {
    return gates.warnings(
        RowCounts.NONE, Optional.empty(), Optional.of(new Manifest.Estimate(accuracy, 1)));
  }

  private static double accuracy(Dataset<Row> rows, double temperature) {
    return confidence(rows, temperature).estimate(temperature).orElseThrow().accuracy();
  }

  private static Confidence confidence(Dataset<Row> rows, double temperature) {
    List<org.apache.spark.sql.Column> figures = Confidence.aggregates(temperature);
    Row row = rows.agg(figures.get(0), figures.get(1)).head();
    return new Confidence(row.getLong(0), row.getDouble(1));
  }

  /** One without logits is among them. */
  private Dataset<Row> rows(Object... logits) {
    List<Row> rows = new java.util.ArrayList<>();
    rows.add(RowFactory.create(null, null));
    for (Object each : logits) {
      rows.add(RowFactory.create(each, null));
    }
    return spark.createDataFrame(rows, ROWS);
  }
}
