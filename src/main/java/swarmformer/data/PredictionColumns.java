package swarmformer.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of predictions that this project writes, after the id and the kept columns. */
public final class PredictionColumns {
  /** Class number (INT); null where the row could not be scored, as all columns but the error. */
  public static final String PREDICTION = "prediction";

  /** Name of that class (STRING). */
  public static final String SENTIMENT = "sentiment";

  /** Probabilities of the classes (ARRAY&lt;FLOAT&gt;). */
  public static final String PROBABILITIES = "probabilities";

  /** Logits of the classes (ARRAY&lt;FLOAT&gt;). */
  public static final String LOGITS = "logits";

  /** Number of token ids that the network read (INT). */
  public static final String TOKENS = "tokens";

  /** Whether the text has more tokens than the network read (BOOLEAN). */
  public static final String TRUNCATED = "truncated";

  /** Why the row could not be scored (STRING); null where it was. */
  public static final String ERROR = "error";

  /** Token ids (ARRAY&lt;INT&gt;), where they were asked for. */
  public static final String IDS = "ids";

  /** All of them but {@value #IDS}. */
  public static final StructType SCORED =
      new StructType()
          .add(PREDICTION, DataTypes.IntegerType)
          .add(SENTIMENT, DataTypes.StringType)
          .add(PROBABILITIES, DataTypes.createArrayType(DataTypes.FloatType, false))
          .add(LOGITS, DataTypes.createArrayType(DataTypes.FloatType, false))
          .add(TOKENS, DataTypes.IntegerType)
          .add(TRUNCATED, DataTypes.BooleanType)
          .add(ERROR, DataTypes.StringType);

  /** The id of a label that is joined to predictions; never written. */
  static final String ID_OF_LABEL = "_label_id";

  private static final Set<String> OTHERS =
      Set.of(
          "id",
          "label",
          IDS,
          "batch",
          "run",
          Texts.CONTENT,
          Texts.MALFORMED,
          Texts.LABEL_KNOWN,
          ID_OF_LABEL);

  private PredictionColumns() {}

  /** Whether predictions have a column of this name that was not kept; of the label, if any. */
  public static boolean isWritten(String name) {
    return name.equals("label") || Arrays.asList(SCORED.fieldNames()).contains(name);
  }

  /** Whether a kept column must not have this name; Spark takes no note of upper and lower case. */
  static boolean isReserved(String name) {
    return Stream.concat(OTHERS.stream(), Arrays.stream(SCORED.fieldNames()))
        .anyMatch(name.toLowerCase(Locale.ROOT)::equals);
  }

  /**
   * Adds the columns to a schema.
   *
   * @param withIds whether the token ids are among them
   */
  public static StructType addTo(StructType carried, boolean withIds) {
    StructType schema = carried.merge(SCORED, true);
    return withIds
        ? schema.add(IDS, DataTypes.createArrayType(DataTypes.IntegerType, false))
        : schema;
  }
}
