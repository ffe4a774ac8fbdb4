package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import swarmformer.analysis.Groups;
import swarmformer.analysis.Interval;
import swarmformer.report.Numbers;
import swarmformer.training.Baselines;
import swarmformer.training.Labelled;
import swarmformer.training.ShortParts;
import swarmformer.training.Training;
import swarmformer.training.TrainingHistory;

/** What a trained model knows of the texts that were put aside, beside what others know of them. */
final class ComparedAccuracy {
  private final List<Labelled> texts;
  private final List<Integer> predictions;
  private final List<String> classes;
  private final TrainingHistory.Epoch best;
  private final Optional<Baselines> baselines;
  private final Optional<ShortParts> shortParts;
  private final boolean isFromModel;

  ComparedAccuracy(Training training, Training.Outcome outcome) {
    this.texts = training.validation();
    this.predictions = outcome.predictions();
    this.classes = training.classNames();
    this.best = outcome.history().best().orElseThrow();
    this.baselines = outcome.baselines();
    this.shortParts = outcome.shortParts();
    this.isFromModel = training.from().isPresent();
  }

  /** The epoch, its accuracy, and those of the others. */
  String text() {
    String epoch = best.text() + ", ";
    return baselines
        .map(
            others ->
                epoch
                    + ConsoleReport.text(
                        "%s of %,d validation texts%s; %s",
                        ConsoleReport.percent(best.validationAccuracy()),
                        texts.size(),
                        interval(),
                        others(others)))
        .orElse(epoch + "not validated");
  }

  /** Where texts have groups they tell less than as many that have nothing in common. */
  private String interval() {
    List<Boolean> right =
        IntStream.range(0, texts.size())
            .mapToObj(row -> texts.get(row).label() == predictions.get(row))
            .toList();
    if (texts.stream().allMatch(text -> text.group().equals(text.text()))) {
      long known = right.stream().filter(is -> is).count();
      return ofChosen("", Interval.wilson(known, texts.size()));
    }
    return Groups.ofAccuracy("group", texts.stream().map(Labelled::group).toList(), right)
        .map(it -> ofChosen(ConsoleReport.text(" of %,d groups", it.number()), it.interval()))
        .orElse(" of one group");
  }

  private static String ofChosen(String groups, Interval interval) {
    return groups + " (95 % interval of the epoch chosen by them " + Numbers.range(interval) + ")";
  }

  /** What the others know; empty without validation. */
  Optional<String> others() {
    return baselines.map(this::others);
  }

  private String others(Baselines others) {
    return ConsoleReport.text(
            "a linear model of the same texts knows %s, always saying %s %s",
            ConsoleReport.percent(others.linear()),
            frequentClass(others),
            ConsoleReport.percent(others.alwaysFrequent()))
        + shortParts.map(ComparedAccuracy::ofParts).orElse("");
  }

  private static String ofParts(ShortParts parts) {
    return ConsoleReport.text(
        "; of parts of them of at most %d tokens the model knows %s, the linear model %s",
        ShortParts.MOST_TOKENS,
        ConsoleReport.percent(parts.model()),
        ConsoleReport.percent(parts.linear()));
  }

  /** That the model is of less use than another; empty if it is not. */
  Optional<String> warning() {
    List<String> better = new ArrayList<>();
    baselines.ifPresent(
        others -> {
          if (isBelow(others.linear())) {
            better.add("a linear model of the same texts");
          }
          if (isBelow(others.alwaysFrequent())) {
            better.add("always saying " + frequentClass(others));
          }
        });
    return better.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the model is worse than %s. Add texts with labels or, with --unlabelled, without, or %s (docs/training.md)."
                .formatted(
                    String.join(" and than ", better),
                    isFromModel ? "read them for more epochs" : "start from a model with --from"));
  }

  boolean isBelow(double accuracy) {
    return best.validated() && best.validationAccuracy() < accuracy;
  }

  private String frequentClass(Baselines others) {
    return classes.get(others.frequentClass());
  }
}
