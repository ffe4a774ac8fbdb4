package swarmformer.spark;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistryBase;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;
import swarmformer.cluster.SparkVersion;

/**
 * Gives SQL the function {@code swarmformer(text [, model])}: {@code
 * spark.sql.extensions=swarmformer.spark.SwarmFormerExtensions}.
 *
 * <p>It is computed in batches where {@link BatchedCalls} can. It becomes one of the built-in
 * functions of this JVM. Spark takes a function that is injected into a session for a temporary
 * one, and refuses it in permanent views.
 */
public final class SwarmFormerExtensions
    extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  private static final String USAGE =
      "_FUNC_(text [, model]) - Returns STRUCT<prediction: INT, sentiment: STRING, probabilities: ARRAY<FLOAT>>; null for null, and for a text without words.";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    SparkVersion.check();
    FunctionRegistryBase<Expression> builtIn = FunctionRegistry$.MODULE$.builtin();
    FunctionIdentifier name = new FunctionIdentifier(SwarmFormerFunction.NAME);
    if (!builtIn.functionExists(name)) {
      builtIn.registerFunction(name, information(), SwarmFormerFunction::of);
    }
    extensions.injectPostHocResolutionRule(spark -> new LocalRows());
    extensions.injectPreCBORule(BatchedCalls::new);
    return BoxedUnit.UNIT;
  }

  private static ExpressionInfo information() {
    String className = SwarmFormerFunction.class.getName();
    String name = SwarmFormerFunction.NAME;
    return new ExpressionInfo(className, null, name, USAGE, "", "", "", "", "", "", "");
  }
}
