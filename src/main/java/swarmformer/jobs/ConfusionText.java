package swarmformer.jobs;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.EvaluationReport;

/** A confusion matrix with the names of its classes, for a person at a console. */
final class ConfusionText {
  /** Characters of a class name; the rest is cut. */
  private static final int NAME = 14;

  /** More classes do not fit a console. */
  private static final int MOST_CLASSES = 5;

  private ConfusionText() {}

  static void print(EvaluationReport report, ConsoleReport out) {
    Confusion confusion = report.evaluation().confusion();
    List<String> names = report.classNames().stream().map(ConfusionText::cut).toList();
    if (names.size() > MOST_CLASSES) {
      out.line("confusion", "%d classes, see confusion_matrix in the report", names.size());
    } else {
      out.line("", "%14s", "predicted");
      out.line("label", "%s %10s", cells(names), "right");
      IntStream.range(0, names.size())
          .forEach(label -> out.line(names.get(label), "%s", row(confusion, label)));
    }
    out.blank();
  }

  private static String row(Confusion confusion, int label) {
    long[] counts = confusion.counts()[label];
    long labelled = LongStream.of(counts).sum();
    String right = labelled == 0 ? "-" : ConsoleReport.percent((double) counts[label] / labelled);
    List<String> texts =
        LongStream.of(counts).mapToObj(count -> ConsoleReport.text("%,d", count)).toList();
    return cells(texts) + ConsoleReport.text(" %10s", right);
  }

  private static String cells(List<String> texts) {
    return texts.stream()
        .map(text -> ConsoleReport.text("%14s", text))
        .collect(Collectors.joining());
  }

  private static String cut(String name) {
    return name.length() <= NAME ? name : name.substring(0, NAME - 1) + "…";
  }
}
