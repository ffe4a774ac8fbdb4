package swarmformer.spark;

import org.apache.spark.sql.catalyst.optimizer.CollapseProject$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.rules.Rule;

/**
 * Has calls over rows that the driver holds computed by executors. Spark's optimizer would compute
 * them itself, text after text, for each action and each {@code EXPLAIN}, however few a limit asks
 * for: it does so right above such rows, but not above a repartitioning. This one has as many
 * partitions as there are rows, which without a shuffle leaves them where they are.
 */
final class LocalRows extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.exists(LocalRows::calls) ? kept(plan) : plan;
  }

  private static boolean calls(LogicalPlan node) {
    return node.expressions()
        .exists(
            expression ->
                expression.exists(part -> Calls.isCall(part) && !part.references().isEmpty()));
  }

  private static LogicalPlan kept(LogicalPlan node) {
    if (node instanceof LocalRelation rows && !rows.isStreaming() && !rows.data().isEmpty()) {
      return new Repartition(rows.data().size(), false, rows);
    }
    return isKept(node) ? node : node.mapChildren(LocalRows::kept);
  }

  /** The plan without these repartitionings, and with what they have kept apart together. */
  static LogicalPlan released(LogicalPlan plan) {
    return plan.exists(LocalRows::isKept)
        ? CollapseProject$.MODULE$.apply(withoutRepartition(plan))
        : plan;
  }

  private static LogicalPlan withoutRepartition(LogicalPlan node) {
    return isKept(node) ? node.children().head() : node.mapChildren(LocalRows::withoutRepartition);
  }

  /** The optimizer moves filters and projections below it. */
  private static boolean isKept(LogicalPlan node) {
    if (!(node instanceof Repartition repartition) || repartition.shuffle()) {
      return false;
    }
    LogicalPlan below = repartition.child();
    while (below instanceof Filter || below instanceof Project) {
      below = below.children().head();
    }
    return below instanceof LocalRelation rows && rows.data().size() == repartition.numPartitions();
  }
}
