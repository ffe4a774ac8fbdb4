package swarmformer.report;

import static swarmformer.report.Numbers.decimal;
import static swarmformer.report.Numbers.percent;

import java.util.ArrayList;
import java.util.List;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Probabilities;

/** The figures beside the headline, each with a word on what it is. */
final class Figures {
  private Figures() {}

  static List<Table.Row> of(EvaluationPage page) {
    Confusion confusion = page.confusion();
    Probabilities probabilities = page.evaluation().probabilities();
    boolean two = confusion.classes() == 2;
    String whose = two ? "of " + page.classNames().get(1) : "mean of classes";
    List<Table.Row> figures = new ArrayList<>();
    figures.add(Table.Row.of("Precision", percent(confusion.precision()), whose));
    figures.add(Table.Row.of("Recall", percent(confusion.recall()), whose));
    figures.add(Table.Row.of("F1", percent(confusion.f1()), whose));
    if (two) {
      figures.add(Table.Row.of("ROC AUC", decimal(probabilities.rocAuc()), "1 is perfect"));
      figures.add(
          Table.Row.of(
              "Average precision", decimal(probabilities.averagePrecision()), "1 is perfect"));
    }
    figures.add(Table.Row.of("Log loss", decimal(probabilities.logLoss()), "0 is perfect"));
    figures.add(Table.Row.of("Brier score", decimal(probabilities.brier()), "0 is perfect"));
    Double error = page.calibration() == null ? null : page.calibration().expectedError();
    figures.add(Table.Row.of("Calibration error", percent(error), "0 is perfect"));
    return figures;
  }
}
