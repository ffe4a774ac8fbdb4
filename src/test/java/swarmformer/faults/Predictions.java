package swarmformer.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import swarmformer.LocalSpark;

/**
 * What a run predicted.
 *
 * @param rows its rows, in any order
 */
public record Predictions(List<Row> rows) {
  /** Of logits; the order of sums in the network may differ. */
  private static final float TOLERANCE = 1e-5f;

  /** Reads the predictions of a published run. */
  public static Predictions of(Path run) {
    String path = run.resolve("predictions").toString();
    return new Predictions(LocalSpark.session().read().parquet(path).collectAsList());
  }

  /** Checks that the same rows came out with the same predictions. */
  public void assertSameAs(Predictions expected) {
    assertThat(ids()).isEqualTo(expected.ids());
    Map<String, Row> theirs =
        expected.rows.stream().collect(Collectors.toMap(Predictions::id, Function.identity()));
    rows.forEach(row -> assertSame(row, theirs.get(id(row))));
  }

  private List<String> ids() {
    return rows.stream().map(Predictions::id).sorted().toList();
  }

  private static String id(Row row) {
    return row.getAs("id");
  }

  private static void assertSame(Row actual, Row expected) {
    for (String column : List.of("prediction", "sentiment", "tokens", "truncated", "error")) {
      assertThat(actual.<Object>getAs(column)).isEqualTo(expected.getAs(column));
    }
    if (expected.getAs("logits") != null) {
      List<Float> logits = expected.getList(expected.fieldIndex("logits"));
      for (int i = 0; i < logits.size(); i++) {
        float logit = actual.<Float>getList(actual.fieldIndex("logits")).get(i);
        assertThat(logit).isCloseTo(logits.get(i), within(TOLERANCE));
      }
    }
  }
}
