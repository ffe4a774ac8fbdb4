package swarmformer.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import swarmformer.analysis.Analysis;
import swarmformer.analysis.CalibrationCurve;
import swarmformer.analysis.Interval;
import swarmformer.analysis.Mistake;
import swarmformer.metrics.Confusion;
import swarmformer.metrics.Evaluation;
import swarmformer.metrics.EvaluationReport;
import swarmformer.metrics.RecordedRun;

/**
 * The page that tells how right the predictions of a run are.
 *
 * @param report its evaluation
 * @param analysis what is known beyond
 * @param run how it was made
 * @param command what was typed to evaluate it
 */
public record EvaluationPage(
    EvaluationReport report, Analysis analysis, RecordedRun run, String command) {
  /** More classes do not fit a page as a matrix. */
  private static final int MOST_CLASSES = 20;

  /** Characters of a text. */
  private static final int MOST_CHARACTERS = 600;

  /** The page, one file that needs nothing else. */
  public String html() {
    return Pages.fill("evaluation.jte", this);
  }

  /** How right the predictions are. */
  public Evaluation evaluation() {
    return report.evaluation();
  }

  /** Labels against predictions. */
  public Confusion confusion() {
    return evaluation().confusion();
  }

  /** Whether there is any row to judge. */
  public boolean isEmpty() {
    return evaluation().evaluated() == 0;
  }

  /** What the user called the model. */
  public String modelName() {
    return Pages.place(run.facts().modelName());
  }

  /** Names of the classes. */
  public List<String> classNames() {
    return report.classNames();
  }

  /** What it comes to, one sentence each; there must be rows. */
  public List<String> verdict() {
    return Verdict.of(this);
  }

  /** The class of which least is found, if there are several with rows and they differ. */
  OptionalInt weakestClass() {
    return IntStream.range(0, confusion().classes())
        .filter(label -> confusion().labelled(label) > 0)
        .filter(label -> isWeak(confusion().labelled(label), confusion().counts()[label][label]))
        .boxed()
        .min(Comparator.comparing(label -> confusion().shareOf(label, label)))
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Whether the interval of some rows lies below the accuracy of all. */
  private boolean isWeak(long rows, long right) {
    return Interval.wilson(right, rows).high() < confusion().accuracy();
  }

  /** How the interval heeds groups, as a sentence; empty if it does not. */
  public Optional<String> groups() {
    return Optional.ofNullable(analysis.groups())
        .map(
            groups ->
                "The interval of accuracy heeds the %s groups of %s: these rows tell as much as %s rows without groups."
                    .formatted(
                        Numbers.count(groups.number()),
                        groups.column(),
                        Numbers.count(Math.round(groups.effectiveRows()))));
  }

  /** The tables on the other run; there must be one. */
  public ComparisonTables comparison() {
    return new ComparisonTables(analysis().comparison(), classNames());
  }

  /** What is shown of the text of a mistake: of a long one the end that the model reads to. */
  public String shown(Mistake mistake) {
    String text = mistake.text();
    if (text.length() <= MOST_CHARACTERS) {
      return text;
    }
    boolean end = report.readsEnd();
    int cut = end ? text.length() - MOST_CHARACTERS : MOST_CHARACTERS;
    if (Character.isLowSurrogate(text.charAt(cut))) {
      cut += end ? 1 : -1; // not within a character
    }
    return end ? "… " + text.substring(cut) : text.substring(0, cut) + " …";
  }

  /** Whether the confusion matrix is shown. */
  public boolean showsMatrix() {
    return confusion().classes() <= MOST_CLASSES;
  }

  /** The figures beside the headline. */
  public List<Table.Row> figures() {
    return Figures.of(this);
  }

  /** The sections' tables. */
  public EvaluationTables tables() {
    return new EvaluationTables(this);
  }

  /** The tables and the chart of the run. */
  public RunTables runTables() {
    return new RunTables(run, analysis.input(), analysis.latencies());
  }

  /** The charts of the sections on probabilities; there must be some. */
  public EvaluationCharts charts() {
    return new EvaluationCharts(evaluation(), analysis.quality());
  }

  /** The charts of rows in order of their score; null for other than two classes with rows. */
  public RankingCharts ranking() {
    return evaluation().probabilities().ranking() == null ? null : new RankingCharts(evaluation());
  }

  /** Calibration as it is; null where there are no probabilities. */
  CalibrationCurve calibration() {
    return analysis.quality() == null ? null : analysis.quality().calibration();
  }
}
