package swarmformer.spark;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.checkpoint.ModelException;
import swarmformer.errors.InputException;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.SharedModel;
import swarmformer.scoring.TextFunction;

/** Makes the expression of {@code swarmformer(text [, model])} when a query is analysed. */
final class SwarmFormerFunction {
  static final String NAME = "swarmformer";

  /** Settings of a session that say how to score. */
  static final String DEVICE = "spark.swarmformer.device";

  static final String DTYPE = "spark.swarmformer.dtype";

  /** Analysis comes often, so that a model is read once for each session, with its settings. */
  private static final Map<SparkSession, Map<String, SharedModel>> MODELS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private SwarmFormerFunction() {}

  /**
   * Makes the expression.
   *
   * @param arguments resolved expressions
   * @throws InputException if there are too few or many, or one has the wrong type
   * @throws ModelException if there is no such model
   */
  static Expression of(Seq<Expression> arguments) {
    List<Expression> given = CollectionConverters.asJava(arguments);
    if (given.isEmpty() || given.size() > 2) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "swarmformer was given %d arguments. It takes a text, and a model if you like: swarmformer(text [, model]).",
              given.size()));
    }
    Expression text = text(given.get(0));
    SharedModel model =
        model(given.size() == 2 ? reference(given.get(1)) : Checkpoints.DEFAULT_MODEL);
    return new ScalaUDF(
        model.textFunction(
            setting(DEVICE, TorchEngine.DEVICES), setting(DTYPE, List.of("float32", "bfloat16"))),
        TextFunction.RESULT,
        Plans.seq(List.of(text)),
        Plans.seq(List.of()),
        Option.empty(),
        Option.apply(NAME),
        true,
        true);
  }

  private static Expression text(Expression text) {
    if (text.dataType() instanceof NullType) {
      return Literal.create(null, DataTypes.StringType);
    }
    if (!(text.dataType() instanceof StringType)) {
      throw new InputException(
          "Cannot score %s: it is %s, not STRING.".formatted(text.sql(), text.dataType().sql()));
    }
    return text;
  }

  private static String reference(Expression model) {
    Object reference =
        model.foldable() && model.dataType() instanceof StringType ? model.eval(null) : null;
    if (reference == null) {
      throw new InputException(
          "Cannot score with model %s: give the same text for all rows, as in swarmformer(text, '%s')."
              .formatted(model.sql(), Checkpoints.DEFAULT_MODEL));
    }
    return reference.toString();
  }

  private static SharedModel model(String reference) {
    SparkSession spark = SparkSession.active();
    MODELS.keySet().removeIf(session -> session.sparkContext().isStopped());
    return MODELS
        .computeIfAbsent(spark, absent -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            reference, absent -> SharedModel.of(spark, ReadModel.of(spark, reference).files()));
  }

  /** A setting of the session: {@code SQLConf.get()} has few of them while a view is resolved. */
  private static String setting(String name, List<String> choices) {
    String value = SparkSession.active().conf().get(name, choices.get(0));
    Choices.check(name, value, choices);
    return value;
  }
}
