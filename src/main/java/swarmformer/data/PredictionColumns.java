package swarmformer.data;

import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of predictions that this project writes, after the id and the kept columns. */
public final class PredictionColumns {
  private static final Set<String> RESERVED =
      Set.of(
          "id",
          "label",
          "prediction",
          "sentiment",
          "probabilities",
          "logits",
          "tokens",
          "truncated",
          "error",
          "ids",
          "batch",
          "run",
          Texts.CONTENT,
          Texts.MALFORMED);

  private PredictionColumns() {}

  /** Whether a kept column must not have this name; Spark takes no note of upper and lower case. */
  static boolean isReserved(String name) {
    return RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Adds the columns to a schema.
   *
   * @param withIds whether the token ids are among them
   */
  public static StructType addTo(StructType carried, boolean withIds) {
    StructType schema =
        carried
            .add("prediction", DataTypes.IntegerType)
            .add("sentiment", DataTypes.StringType)
            .add("probabilities", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("logits", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("tokens", DataTypes.IntegerType)
            .add("truncated", DataTypes.BooleanType)
            .add("error", DataTypes.StringType);
    return withIds
        ? schema.add("ids", DataTypes.createArrayType(DataTypes.IntegerType, false))
        : schema;
  }
}
