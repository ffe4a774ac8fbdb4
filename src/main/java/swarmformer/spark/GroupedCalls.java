package swarmformer.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Takes calls on what rows are grouped by, and on results of aggregate functions, out of an
 * aggregation: its rows are computed first, and the calls on them, as Spark does with functions of
 * Python. Calls in aggregate functions stay, because they need each row.
 */
final class GroupedCalls {
  private GroupedCalls() {}

  /** The plan with projections above its aggregations that have such calls. */
  static LogicalPlan above(LogicalPlan plan) {
    return plan.transformUp(
        Plans.total(
            (LogicalPlan node) ->
                node instanceof Aggregate aggregate && !Calls.asksForFile(node)
                    ? above(aggregate)
                    : node));
  }

  private static LogicalPlan above(Aggregate aggregate) {
    List<NamedExpression> columns = CollectionConverters.asJava(aggregate.aggregateExpressions());
    if (columns.stream().noneMatch(column -> calls((Expression) column, aggregate))) {
      return aggregate;
    }
    List<NamedExpression> grouped = new ArrayList<>();
    List<NamedExpression> above = new ArrayList<>();
    for (NamedExpression column : columns) {
      if (calls((Expression) column, aggregate)) {
        above.add((NamedExpression) withoutGroups((Expression) column, aggregate, grouped));
      } else {
        above.add(column.toAttribute());
        add(column, grouped);
      }
    }
    return new Project(
        Plans.seq(above),
        new Aggregate(
            aggregate.groupingExpressions(),
            Plans.seq(grouped),
            aggregate.child(),
            aggregate.hint()));
  }

  /** Whether an expression has a call that needs a group and not its rows. */
  private static boolean calls(Expression expression, Aggregate aggregate) {
    return !isOfGroup(expression, aggregate)
        && (Calls.isCall(expression)
            || expression.children().exists(child -> calls(child, aggregate)));
  }

  /** The expression with attributes in the place of what the aggregation computes. */
  private static Expression withoutGroups(
      Expression expression, Aggregate aggregate, List<NamedExpression> grouped) {
    return expression.transformDown(
        Plans.total(
            (Expression part) -> {
              if (!isOfGroup(part, aggregate)) {
                return part;
              }
              NamedExpression column =
                  part instanceof Attribute attribute ? attribute : Plans.alias(part, "grouped");
              add(column, grouped);
              return (Expression) column.toAttribute();
            }));
  }

  private static boolean isOfGroup(Expression expression, Aggregate aggregate) {
    return expression instanceof AggregateExpression
        || aggregate.groupingExpressions().exists(expression::semanticEquals);
  }

  private static void add(NamedExpression column, List<NamedExpression> columns) {
    if (columns.stream().noneMatch(other -> other.exprId().equals(column.exprId()))) {
      columns.add(column);
    }
  }
}
