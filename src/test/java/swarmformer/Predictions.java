package swarmformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a run or a night predicted.
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

  /** Rows by id, of which none may occur twice. */
  public static Map<String, Row> byId(Dataset<Row> rows) {
    return byId(rows.collectAsList());
  }

  private static Map<String, Row> byId(List<Row> rows) {
    return rows.stream().collect(Collectors.toMap(row -> row.getAs("id"), Function.identity()));
  }

  /** Checks that the same rows came out with the same predictions, each once. */
  public void assertSameAs(Predictions expected) {
    Map<String, Row> found = byId(rows);
    Map<String, Row> wanted = byId(expected.rows);
    assertThat(found.keySet()).isEqualTo(wanted.keySet());
    found.forEach((id, row) -> assertSame(id, row, wanted.get(id)));
  }

  private static void assertSame(String id, Row actual, Row expected) {
    for (String column : List.of("prediction", "sentiment", "tokens", "truncated", "error")) {
      assertThat(actual.<Object>getAs(column))
          .as(id + " " + column)
          .isEqualTo(expected.getAs(column));
    }
    if (expected.getAs("logits") != null) {
      assertSameLogits(id, logits(actual), logits(expected));
    }
  }

  private static List<Float> logits(Row row) {
    return row.getList(row.fieldIndex("logits"));
  }

  /** Checks the logits of a row, up to the order of sums in the network. */
  public static void assertSameLogits(String row, List<Float> actual, List<Float> expected) {
    assertThat(actual).as(row).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).as(row).isCloseTo(expected.get(i), within(TOLERANCE));
    }
  }
}
