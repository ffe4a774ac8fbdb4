package swarmformer.report;

import static swarmformer.report.Numbers.count;
import static swarmformer.report.Numbers.ofHundred;
import static swarmformer.report.Numbers.percent;
import static swarmformer.report.Numbers.range;
import static swarmformer.report.Numbers.wholePercent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import swarmformer.analysis.Coverage;
import swarmformer.analysis.Slices;
import swarmformer.metrics.Confusion;

/** What an evaluation of at least one row comes to, in sentences. */
final class Verdict {
  /** A target that decides less of the rows is told only where there is none that decides more. */
  private static final double WORTHWHILE = 0.01;

  private final EvaluationPage page;
  private final Confusion confusion;
  private final List<String> sentences = new ArrayList<>();

  private Verdict(EvaluationPage page) {
    this.page = page;
    this.confusion = page.confusion();
  }

  static List<String> of(EvaluationPage page) {
    Verdict verdict = new Verdict(page);
    verdict.accuracy();
    OptionalInt only = verdict.confusion.onlyPrediction();
    if (only.isPresent()) {
      verdict.alwaysTheSame(only.getAsInt());
    } else {
      verdict.weakest();
      verdict.automatic();
    }
    return List.copyOf(verdict.sentences);
  }

  private void accuracy() {
    boolean better = page.analysis().interval().low() > confusion.baseRate();
    say(
        "Right for %s; always saying %s would be right for %s.%s",
        ofHundred(confusion.accuracy()),
        name(confusion.mostFrequentLabel()),
        ofHundred(confusion.baseRate()),
        better || confusion.onlyPrediction().isPresent()
            ? ""
            : " The model is not demonstrably better than that.");
  }

  private void alwaysTheSame(int only) {
    say(
        "The model always says %s, whatever the text: its accuracy is the share of that class, and it tells nothing.",
        name(only));
  }

  private void weakest() {
    Optional<String> slice = weakestSlice();
    if (slice.isPresent()) {
      say("%s", slice.get());
    } else {
      page.weakestClass()
          .ifPresent(
              label ->
                  say(
                      "Weakest on %s: %s found.",
                      name(label), ofHundred(confusion.shareOf(label, label))));
    }
  }

  private Optional<String> weakestSlice() {
    return page.analysis().slices().stream()
        .flatMap(
            slices ->
                slices.slices().stream()
                    .filter(Slices.Slice::isWeak)
                    .map(slice -> new Weak(slices.column(), slice)))
        .min(Comparator.comparing(weak -> weak.slice().accuracy()))
        .map(Weak::text);
  }

  private record Weak(String column, Slices.Slice slice) {
    String text() {
      String rows =
          switch (column) {
            case "tokens" -> "texts of %s tokens";
            case "truncated" -> "%s texts";
            default -> column.replace("%", "%%") + " %s";
          };
      return "Weakest on %s: right for %s (%s rows)."
          .formatted(
              rows.formatted(slice.value()), ofHundred(slice.accuracy()), count(slice.rows()));
    }
  }

  private void automatic() {
    if (page.analysis().quality() == null) {
      return;
    }
    List<Coverage.Target> targets = page.analysis().quality().coverage().targets();
    List<Coverage.Target> found = targets.stream().filter(target -> target.rows() > 0).toList();
    Optional<Coverage.Target> certain =
        found.stream()
            .filter(Verdict::isCertain)
            .min(Comparator.comparing(target -> target.coverage() < WORTHWHILE));
    if (certain.isPresent()) {
      Coverage.Target target = certain.get();
      say(
          "%s of the rows can be decided automatically at an error of at most %s (95 %% interval %s): those with a confidence of at least %s.",
          wholePercent(target.coverage()),
          wholePercent(target.allowedError()),
          range(target.errorInterval()),
          percent(target.confidence()));
    } else if (found.isEmpty()) {
      say(
          "No confidence is high enough to decide rows automatically at an error of at most %s.",
          wholePercent(targets.get(targets.size() - 1).allowedError()));
    } else {
      Coverage.Target most = found.get(found.size() - 1);
      say(
          "Too few rows to tell what can be decided automatically: of the %s surest %s are wrong (95 %% interval %s).",
          count(most.rows()), percent(most.error()), range(most.errorInterval()));
    }
  }

  /** Whether the true error is at most twice the one that is allowed. */
  private static boolean isCertain(Coverage.Target target) {
    return target.errorInterval().high() <= 2 * target.allowedError();
  }

  private String name(int label) {
    return page.classNames().get(label);
  }

  private void say(String format, Object... values) {
    sentences.add(String.format(Locale.ROOT, format, values));
  }
}
