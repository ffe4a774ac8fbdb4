package swarmformer.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.Dataset$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;
import swarmformer.scoring.SharedModel;
import swarmformer.scoring.TextFunction;

/**
 * A plan that has the results of calls.
 *
 * @param plan the plan
 * @param calls what was called
 * @param results where the plan has their results
 */
record ScoredPlan(LogicalPlan plan, List<ScalaUDF> calls, List<Attribute> results) {
  /** The node with the results in the place of the calls. */
  LogicalPlan replace(LogicalPlan node) {
    return node.transformExpressions(
        Plans.total(
            (Expression expression) -> {
              for (int i = 0; i < calls.size(); i++) {
                if (Calls.isCall(expression) && expression.semanticEquals(calls.get(i))) {
                  return results.get(i);
                }
              }
              return expression;
            }));
  }

  /**
   * Adds the results of calls to a plan.
   *
   * @param needed what else the plan has to have
   */
  static ScoredPlan of(
      SparkSession spark, LogicalPlan child, AttributeSet needed, List<ScalaUDF> calls) {
    LogicalPlan plan = child;
    List<Attribute> carried =
        new ArrayList<>(Plans.attributes(child).stream().filter(needed::contains).toList());
    List<Attribute> results = new ArrayList<>();
    for (ScalaUDF call : calls) {
      plan = scored(spark, plan, carried, call);
      Attribute result = Plans.attributes(plan).get(carried.size());
      results.add(result);
      carried.add(result);
    }
    return new ScoredPlan(plan, calls, results);
  }

  /** Adds the result of a call to attributes of a plan. */
  private static LogicalPlan scored(
      SparkSession spark, LogicalPlan plan, List<Attribute> carried, ScalaUDF call) {
    List<NamedExpression> columns = new ArrayList<>(carried);
    columns.add(Plans.alias(call.children().head(), Texts.CONTENT));
    Project input = new Project(Plans.seq(columns), plan);
    LocalRelation stand =
        new LocalRelation(input.output(), Plans.seq(List.of()), false, Option.empty());
    Dataset<Row> scored = scored(spark, Dataset$.MODULE$.ofRows(spark, stand), call);
    LogicalPlan made =
        scored
            .queryExecution()
            .analyzed()
            .transformDown(Plans.total((LogicalPlan node) -> node.equals(stand) ? input : node));
    return new Project(Plans.seq(renamed(carried, Plans.attributes(made))), made);
  }

  /** Scores the last column. */
  private static Dataset<Row> scored(SparkSession spark, Dataset<Row> columns, ScalaUDF call) {
    StructField[] fields = columns.schema().fields();
    int carried = fields.length - 1;
    StructType schema = new StructType(Arrays.copyOf(fields, carried));
    String[] names =
        Stream.concat(Stream.of(ClassifierColumns.fields(carried)), Stream.of(Texts.CONTENT))
            .toArray(String[]::new);
    Dataset<Row> rows =
        ClassifierColumns.texts(
            columns.toDF(names), ClassifierColumns.row(schema), functions.col(Texts.CONTENT));
    TextFunction function = (TextFunction) call.function();
    Stream<Column> kept =
        IntStream.range(0, carried).mapToObj(i -> ClassifierColumns.ofRow(schema, i));
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
              Plans.seq(List.of())));
    }
    columns.add(made.get(carried.size()));
    return columns;
  }
}
