package swarmformer.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Computes the calls of the function in batches, as Spark does with functions of Python: below a
 * projection, an aggregation, a filter or a sort it puts what the stage of pipelines puts there.
 * Equal calls are computed once.
 *
 * <p>Calls elsewhere are left to be computed row by row: those of a constant, on one side of a
 * condition, in a lambda, in a join, in a correlated condition of a subquery, beside something that
 * is not deterministic, beside a column whose type Python alone knows, or anywhere below {@code
 * input_file_name()}.
 */
final class BatchedCalls extends Rule<LogicalPlan> {
  private final SparkSession spark;

  BatchedCalls(org.apache.spark.sql.SparkSession spark) {
    this.spark = (SparkSession) spark;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return new LocalRows().apply(inBatches(GroupedCalls.above(LocalRows.released(plan))));
  }

  private LogicalPlan inBatches(LogicalPlan plan) {
    return Calls.asksForFile(plan) ? plan : rewrite(plan).mapChildren(this::inBatches);
  }

  private LogicalPlan rewrite(LogicalPlan node) {
    if (limitsRows(node)
        && ofLimits(node) instanceof Project project
        && project.child() instanceof Sort
        && !Calls.of(project).isEmpty()) {
      // With nothing in between, Spark takes the first rows of a sort, in their order.
      LogicalPlan few = withLowest(node, project.child());
      return overBatches(withChild(project, few), few);
    }
    if (node instanceof LocalLimit limit
        && limit.child() instanceof Project project
        && !Calls.of(project).isEmpty()
        && !filterHasCalls(project)) {
      // No more of a batch than is asked for.
      LogicalPlan few = new LocalLimit(limit.limitExpr(), project.child());
      return withChild(limit, overBatches(withChild(project, few), few));
    }
    if (node instanceof Project || node instanceof Aggregate) {
      LogicalPlan child = child(node);
      return child instanceof Filter filter && !Calls.of(filter).isEmpty()
          ? overFilter(node, filter)
          : overBatches(node, child);
    }
    if (node instanceof Sort && !Calls.of(node).isEmpty()) {
      LogicalPlan sorted = withCallsBelow(node);
      return new Project(Plans.seq(Plans.attributes(node)), overBatches(sorted, child(sorted)));
    }
    return node instanceof Filter filter && !Calls.of(filter).isEmpty()
        ? new Project(
            Plans.seq(Plans.attributes(filter)), filtered(filter, filter.outputSet()).plan())
        : node;
  }

  /** A sort by results that the projection below puts out, where that calls the same. */
  private static LogicalPlan withCallsBelow(LogicalPlan sort) {
    LogicalPlan child = child(sort);
    Project below =
        child instanceof Project project
            ? project
            : new Project(Plans.seq(Plans.attributes(child)), child);
    List<ScalaUDF> made = new ArrayList<>(Calls.of(below));
    if (below.child() instanceof Filter filter) {
      made.addAll(Calls.of(filter));
    }
    List<ScalaUDF> shared =
        Calls.of(sort).stream()
            .filter(call -> made.stream().anyMatch(call::semanticEquals))
            .toList();
    if (shared.isEmpty() || Calls.asksForFile(below)) {
      return sort;
    }
    List<Alias> results = shared.stream().map(call -> Plans.alias(call, call.name())).toList();
    List<NamedExpression> columns =
        new ArrayList<>(CollectionConverters.asJava(below.projectList()));
    columns.addAll(results);
    Project more = new Project(Plans.seq(columns), below.child());
    List<Attribute> attributes = results.stream().map(Alias::toAttribute).toList();
    return new ScoredPlan(more, shared, attributes).replace(withChild(sort, more));
  }

  /** Whether the filter below has the results of all calls, so that nothing more is scored. */
  private static boolean filterHasCalls(Project project) {
    return project.child() instanceof Filter filter
        && Calls.of(project).stream()
            .allMatch(call -> Calls.of(filter).stream().anyMatch(call::semanticEquals));
  }

  /** Whether there is a limit among limits and offsets: an offset alone may be one of a sort. */
  private static boolean limitsRows(LogicalPlan node) {
    return isLimit(node) && (!(node instanceof Offset) || limitsRows(child(node)));
  }

  private static boolean isLimit(LogicalPlan node) {
    return node instanceof GlobalLimit || node instanceof LocalLimit || node instanceof Offset;
  }

  /** What limits, one above the other, limit. */
  private static LogicalPlan ofLimits(LogicalPlan node) {
    return isLimit(node) ? ofLimits(child(node)) : node;
  }

  /** The same limits of another plan. */
  private static LogicalPlan withLowest(LogicalPlan node, LogicalPlan limited) {
    return isLimit(node) ? withChild(node, withLowest(child(node), limited)) : limited;
  }

  /** A node that takes what a filter lets through: what both call is computed once. */
  private LogicalPlan overFilter(LogicalPlan node, Filter filter) {
    ScoredPlan below = filtered(filter, node.references());
    LogicalPlan replaced = below.replace(node);
    return overBatches(withChild(replaced, below.plan()), below.plan());
  }

  private LogicalPlan overBatches(LogicalPlan node, LogicalPlan child) {
    List<ScalaUDF> calls = Calls.of(node);
    if (calls.isEmpty()) {
      return node;
    }
    AttributeSet needed = node.references().$plus$plus(node.outputSet());
    ScoredPlan scored = ScoredPlan.of(spark, child, needed, calls);
    return withChild(scored.replace(node), scored.plan());
  }

  /** Filters by what costs little first. */
  private ScoredPlan filtered(Filter filter, AttributeSet neededAbove) {
    List<Expression> before = new ArrayList<>();
    List<Expression> after = new ArrayList<>();
    split(filter.condition(), filter.inputSet(), before, after);
    LogicalPlan child = before.isEmpty() ? filter.child() : new Filter(all(before), filter.child());
    AttributeSet needed = neededAbove.$plus$plus(filter.references());
    ScoredPlan scored = ScoredPlan.of(spark, child, needed, Calls.of(filter));
    return new ScoredPlan(
        scored.replace(new Filter(all(after), scored.plan())), scored.calls(), scored.results());
  }

  private static void split(
      Expression condition,
      AttributeSet available,
      List<Expression> before,
      List<Expression> after) {
    if (condition instanceof And and) {
      split(and.left(), available, before, after);
      split(and.right(), available, before, after);
    } else {
      (Calls.areIn(condition, available) ? after : before).add(condition);
    }
  }

  private static Expression all(List<Expression> conditions) {
    return conditions.stream().reduce(And::new).orElseThrow();
  }

  private static LogicalPlan child(LogicalPlan node) {
    return node.children().head();
  }

  private static LogicalPlan withChild(LogicalPlan node, LogicalPlan child) {
    return node.withNewChildren(Plans.seq(List.of(child)));
  }
}
