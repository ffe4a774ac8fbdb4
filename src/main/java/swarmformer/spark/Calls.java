package swarmformer.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HigherOrderFunction;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockLength;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockStart;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.scoring.TextFunction;

/** Finds the calls of the function that can be computed in batches. */
final class Calls {
  private Calls() {}

  /** The calls of a node that can be computed before it, each once. */
  static List<ScalaUDF> of(LogicalPlan node) {
    List<ScalaUDF> found = new ArrayList<>();
    List<Expression> expressions = CollectionConverters.asJava(node.expressions());
    boolean canCarry =
        CollectionConverters.asJava(node.inputSet().toSeq()).stream()
            .noneMatch(attribute -> ClassifierColumns.isOfPython(attribute.dataType()));
    if (canCarry && expressions.stream().allMatch(Calls::isDeterministic)) {
      expressions.forEach(expression -> collect(expression, node.inputSet(), false, found));
    }
    return found;
  }

  /**
   * Whether an expression gives the same whenever the rows come in the same order, which batches
   * keep. Catalyst takes lists of values, the first and the last for random.
   */
  private static boolean isDeterministic(Expression expression) {
    List<Expression> children = CollectionConverters.asJava(expression.children());
    boolean safe =
        expression instanceof AggregateFunction
            || !children.stream().allMatch(Expression::deterministic);
    return expression.deterministic()
        || (safe && children.stream().allMatch(Calls::isDeterministic));
  }

  /** Whether an expression has calls that can be computed before it. */
  static boolean areIn(Expression expression, AttributeSet available) {
    List<ScalaUDF> found = new ArrayList<>();
    collect(expression, available, false, found);
    return !found.isEmpty();
  }

  /** The condition of {@code EXISTS} or {@code IN} has calls that need rows of its subquery. */
  private static void collect(
      Expression expression, AttributeSet available, boolean conditional, List<ScalaUDF> found) {
    if (isCall(expression)) {
      ScalaUDF call = (ScalaUDF) expression;
      if (!call.references().isEmpty()
          && call.references().subsetOf(available)
          && found.stream().noneMatch(call::semanticEquals)) {
        found.add(call);
      }
    } else {
      boolean below = conditional || skipsRows(expression);
      alwaysEvaluated(expression, below).forEach(child -> collect(child, available, below, found));
    }
  }

  /** Whether an expression has parts that are not evaluated for each row. */
  private static boolean skipsRows(Expression expression) {
    return expression instanceof ConditionalExpression
        || (expression instanceof AggregateExpression aggregate && aggregate.filter().isDefined());
  }

  /**
   * The children that are evaluated for each row, and not for an element of a value of it.
   *
   * @param conditional whether a condition decides for each row what is evaluated: what stands on
   *     the right in it may be there to be skipped. Elsewhere all of {@code AND} and {@code OR} is
   *     computed in batches, which is faster.
   */
  private static List<Expression> alwaysEvaluated(Expression expression, boolean conditional) {
    if (expression instanceof AggregateExpression aggregate && aggregate.filter().isDefined()) {
      return List.of(aggregate.filter().get());
    }
    if (conditional && (expression instanceof And || expression instanceof Or)) {
      return List.of(expression.children().head());
    }
    if (expression instanceof ConditionalExpression chosen) {
      return CollectionConverters.asJava(chosen.alwaysEvaluatedInputs());
    }
    return CollectionConverters.asJava(
        expression instanceof HigherOrderFunction function
            ? function.arguments()
            : expression.children());
  }

  /** Whether a node asks which file is being read: a batch below it would have read on. */
  static boolean asksForFile(LogicalPlan node) {
    return node.expressions()
        .exists(
            expression ->
                expression.exists(
                    part ->
                        part instanceof InputFileName
                            || part instanceof InputFileBlockStart
                            || part instanceof InputFileBlockLength));
  }

  /** Whether an expression is a call of the function. */
  static boolean isCall(Expression expression) {
    return expression instanceof ScalaUDF udf && udf.function() instanceof TextFunction;
  }
}
