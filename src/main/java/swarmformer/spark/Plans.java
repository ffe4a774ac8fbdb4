package swarmformer.spark;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/** What plans of Catalyst need in Java. */
final class Plans {
  private Plans() {}

  /** The columns of a plan. */
  static List<Attribute> attributes(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.output());
  }

  /** An expression as a new column. */
  static Alias alias(Expression value, String name) {
    return new Alias(
        value,
        name,
        NamedExpression$.MODULE$.newExprId(),
        seq(List.of()),
        Option.empty(),
        seq(List.of()));
  }

  /** A list as Scala has it. */
  static <T> Seq<T> seq(List<? extends T> elements) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(elements)).toSeq();
  }

  /** A function that is defined for everything. */
  static <T> AbstractPartialFunction<T, T> total(UnaryOperator<T> function) {
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
