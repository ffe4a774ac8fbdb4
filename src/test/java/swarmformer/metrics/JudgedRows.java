package swarmformer.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import swarmformer.Golden;
import swarmformer.LocalSpark;

/** Predictions as the golden data of scikit-learn has them: label, prediction and logits. */
public final class JudgedRows {
  private static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.IntegerType)
          .add("prediction", DataTypes.IntegerType)
          .add("logits", DataTypes.createArrayType(DataTypes.FloatType, false));

  private JudgedRows() {}

  /** All golden cases. */
  public static List<JsonNode> cases() {
    return Golden.lines(Golden.file("metrics/cases.jsonl"));
  }

  /** The golden case of that name. */
  public static JsonNode golden(String name) {
    return cases().stream()
        .filter(each -> each.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The predictions of a golden case, in several partitions. */
  public static Dataset<Row> of(JsonNode golden) {
    List<Row> rows = new ArrayList<>();
    golden.get("rows").forEach(row -> rows.add(row(row.get(0), row.get(1), row.get(2))));
    return LocalSpark.session().createDataFrame(rows, SCHEMA).repartition(2);
  }

  /** A row; its prediction is null where the logits are empty. */
  public static Row row(Integer label, Integer prediction, Float... logits) {
    return RowFactory.create(label, prediction, logits.length == 0 ? null : logits);
  }

  /** Predictions written by hand. */
  public static Dataset<Row> of(Row... rows) {
    return LocalSpark.session().createDataFrame(List.of(rows), SCHEMA);
  }

  private static Row row(JsonNode label, JsonNode prediction, JsonNode logits) {
    List<Float> values = new ArrayList<>();
    logits.forEach(logit -> values.add(Float.parseFloat(logit.asText())));
    return row(whole(label), whole(prediction), values.toArray(Float[]::new));
  }

  private static Integer whole(JsonNode number) {
    return number.isNull() ? null : (Integer) number.intValue();
  }
}
