package swarmformer.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HigherOrderFunction;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockLength;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockStart;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.Dataset$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.functions;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;
import swarmformer.scoring.SharedModel;
import swarmformer.scoring.TextFunction;

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
  private static final String CARRIED = "c";

  private final SparkSession spark;

  BatchedCalls(org.apache.spark.sql.SparkSession spark) {
    this.spark = (SparkSession) spark;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return new LocalRows().apply(inBatches(LocalRows.released(plan)));
  }

  private LogicalPlan inBatches(LogicalPlan plan) {
    return asksForFile(plan) ? plan : rewrite(plan).mapChildren(this::inBatches);
  }

  /** Whether a node asks which file is being read: a batch below it would have read on. */
  private static boolean asksForFile(LogicalPlan node) {
    return node.expressions()
        .exists(
            expression ->
                expression.exists(
                    part ->
                        part instanceof InputFileName
                            || part instanceof InputFileBlockStart
                            || part instanceof InputFileBlockLength));
  }

  private LogicalPlan rewrite(LogicalPlan node) {
    if (isLimit(node)
        && ofLimits(node) instanceof Project project
        && project.child() instanceof Sort
        && !calls(project).isEmpty()) {
      // With nothing in between, Spark takes the first rows of a sort, in their order.
      LogicalPlan few = withLowest(node, project.child());
      return overBatches(withChild(project, few), few);
    }
    if (node instanceof LocalLimit limit
        && limit.child() instanceof Project project
        && !calls(project).isEmpty()) {
      // No more of a batch than is asked for.
      LogicalPlan few = new LocalLimit(limit.limitExpr(), project.child());
      return withChild(limit, overBatches(withChild(project, few), few));
    }
    if (node instanceof Project || node instanceof Aggregate) {
      LogicalPlan child = child(node);
      return child instanceof Filter filter && !calls(filter).isEmpty()
          ? overFilter(node, filter)
          : overBatches(node, child);
    }
    if (node instanceof Sort && !calls(node).isEmpty()) {
      return new Project(seq(attributes(node)), overBatches(node, child(node)));
    }
    return node instanceof Filter filter && !calls(filter).isEmpty()
        ? new Project(seq(attributes(filter)), filtered(filter, filter.outputSet()).plan())
        : node;
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
    Scored below = filtered(filter, node.references());
    LogicalPlan replaced = below.replace(node);
    return overBatches(withChild(replaced, below.plan()), below.plan());
  }

  private LogicalPlan overBatches(LogicalPlan node, LogicalPlan child) {
    List<ScalaUDF> calls = calls(node);
    if (calls.isEmpty()) {
      return node;
    }
    AttributeSet needed = node.references().$plus$plus(node.outputSet());
    Scored scored = scored(child, needed, calls);
    return withChild(scored.replace(node), scored.plan());
  }

  /** Filters by what costs little first. */
  private Scored filtered(Filter filter, AttributeSet neededAbove) {
    List<Expression> before = new ArrayList<>();
    List<Expression> after = new ArrayList<>();
    split(filter.condition(), filter.inputSet(), before, after);
    LogicalPlan child = before.isEmpty() ? filter.child() : new Filter(all(before), filter.child());
    AttributeSet needed = neededAbove.$plus$plus(filter.references());
    Scored scored = scored(child, needed, calls(filter));
    return new Scored(
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
      List<ScalaUDF> calls = new ArrayList<>();
      collect(condition, available, calls);
      (calls.isEmpty() ? before : after).add(condition);
    }
  }

  private static Expression all(List<Expression> conditions) {
    return conditions.stream().reduce(And::new).orElseThrow();
  }

  /**
   * A plan that has the results of calls.
   *
   * @param plan the plan
   * @param calls what was called
   * @param results where the plan has their results
   */
  private record Scored(LogicalPlan plan, List<ScalaUDF> calls, List<Attribute> results) {
    /** The node with the results in the place of the calls. */
    LogicalPlan replace(LogicalPlan node) {
      return node.transformExpressions(
          total(
              (Expression expression) -> {
                for (int i = 0; i < calls.size(); i++) {
                  if (isCall(expression) && expression.semanticEquals(calls.get(i))) {
                    return results.get(i);
                  }
                }
                return expression;
              }));
    }
  }

  private Scored scored(LogicalPlan child, AttributeSet needed, List<ScalaUDF> calls) {
    LogicalPlan plan = child;
    List<Attribute> carried =
        new ArrayList<>(attributes(child).stream().filter(needed::contains).toList());
    List<Attribute> results = new ArrayList<>();
    for (ScalaUDF call : calls) {
      plan = scored(plan, carried, call);
      Attribute result = attributes(plan).get(carried.size());
      results.add(result);
      carried.add(result);
    }
    return new Scored(plan, calls, results);
  }

  /** Adds the result of a call to attributes of a plan. */
  private LogicalPlan scored(LogicalPlan plan, List<Attribute> carried, ScalaUDF call) {
    List<NamedExpression> columns = new ArrayList<>(carried);
    columns.add(alias(call.children().head(), Texts.CONTENT));
    Project input = new Project(seq(columns), plan);
    LocalRelation stand = new LocalRelation(input.output(), seq(List.of()), false, Option.empty());
    Dataset<Row> scored = scored(Dataset$.MODULE$.ofRows(spark, stand), call);
    LogicalPlan made =
        scored
            .queryExecution()
            .analyzed()
            .transformDown(total((LogicalPlan node) -> node.equals(stand) ? input : node));
    return new Project(seq(renamed(carried, attributes(made))), made);
  }

  /** Scores the last column. */
  private Dataset<Row> scored(Dataset<Row> columns, ScalaUDF call) {
    int carried = columns.columns().length - 1;
    String[] names =
        Stream.concat(
                IntStream.range(0, carried).mapToObj(i -> CARRIED + i), Stream.of(Texts.CONTENT))
            .toArray(String[]::new);
    Column row =
        functions.struct(
            IntStream.range(0, carried)
                .mapToObj(i -> functions.col(CARRIED + i))
                .toArray(Column[]::new));
    Dataset<Row> rows =
        columns
            .toDF(names)
            .select(
                row.as(ClassifierColumns.ROW),
                functions.col(Texts.CONTENT),
                functions.lit(false).as(Texts.MALFORMED),
                functions.lit(null).cast("boolean").as(Texts.LABEL_KNOWN));
    TextFunction function = (TextFunction) call.function();
    Stream<Column> kept =
        IntStream.range(0, carried)
            .mapToObj(i -> functions.col(ClassifierColumns.ROW).getField(CARRIED + i));
    Column[] result =
        Stream.of(TextFunction.RESULT.fieldNames()).map(functions::col).toArray(Column[]::new);
    Column error = functions.col(PredictionColumns.ERROR);
    Column value =
        functions
            .when(error.isNull(), functions.struct(result))
            .when(error.isin(TextFunction.WITHOUT_RESULT.toArray()), functions.lit(null))
            .otherwise(
                functions.raise_error(functions.concat(functions.lit(TextFunction.FAILED), error)))
            .as(call.name());
    return SharedModel.of(spark, function.files())
        .score(new Texts("the query", rows), function.settings())
        .select(Stream.concat(kept, Stream.of(value)).toArray(Column[]::new));
  }

  /** Attributes as their plan has had them, and one more. */
  private static List<NamedExpression> renamed(List<Attribute> carried, List<Attribute> made) {
    List<NamedExpression> columns = new ArrayList<>();
    for (int i = 0; i < carried.size(); i++) {
      Attribute old = carried.get(i);
      columns.add(
          new Alias(
              made.get(i),
              old.name(),
              old.exprId(),
              old.qualifier(),
              Option.apply(old.metadata()),
              seq(List.of())));
    }
    columns.add(made.get(carried.size()));
    return columns;
  }

  private static Alias alias(Expression value, String name) {
    return new Alias(
        value,
        name,
        NamedExpression$.MODULE$.newExprId(),
        seq(List.of()),
        Option.empty(),
        seq(List.of()));
  }

  /** The calls of a node that can be computed before it, each once. */
  private static List<ScalaUDF> calls(LogicalPlan node) {
    List<ScalaUDF> found = new ArrayList<>();
    List<Expression> expressions = CollectionConverters.asJava(node.expressions());
    boolean canCarry =
        CollectionConverters.asJava(node.inputSet().toSeq()).stream()
            .noneMatch(attribute -> ClassifierColumns.isOfPython(attribute.dataType()));
    if (canCarry && expressions.stream().allMatch(Expression::deterministic)) {
      expressions.forEach(expression -> collect(expression, node.inputSet(), found));
    }
    return found;
  }

  /** The condition of {@code EXISTS} or {@code IN} has calls that need rows of its subquery. */
  private static void collect(Expression expression, AttributeSet available, List<ScalaUDF> found) {
    if (isCall(expression)) {
      ScalaUDF call = (ScalaUDF) expression;
      if (!call.references().isEmpty()
          && call.references().subsetOf(available)
          && !call.exists(part -> part instanceof AggregateExpression)
          && found.stream().noneMatch(call::semanticEquals)) {
        found.add(call);
      }
    } else if (!(expression instanceof ConditionalExpression)
        && !(expression instanceof HigherOrderFunction)) {
      CollectionConverters.asJava(expression.children())
          .forEach(child -> collect(child, available, found));
    }
  }

  /** Whether an expression is a call of the function. */
  static boolean isCall(Expression expression) {
    return expression instanceof ScalaUDF udf && udf.function() instanceof TextFunction;
  }

  private static LogicalPlan child(LogicalPlan node) {
    return node.children().head();
  }

  private static LogicalPlan withChild(LogicalPlan node, LogicalPlan child) {
    return node.withNewChildren(seq(List.of(child)));
  }

  private static List<Attribute> attributes(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.output());
  }

  private static <T> Seq<T> seq(List<? extends T> elements) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(elements)).toSeq();
  }

  private static <T> AbstractPartialFunction<T, T> total(
      java.util.function.UnaryOperator<T> function) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(T value) {
        return true;
      }

      @Override
      public T apply(T value) {
        return function.apply(value);
      }
    };
  }
}
