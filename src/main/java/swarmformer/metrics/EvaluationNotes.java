package swarmformer.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a reader must know about the figures of an evaluation. */
final class EvaluationNotes {
  private final Evaluation evaluation;
  private final Confusion confusion;
  private final List<String> notes = new ArrayList<>();

  private EvaluationNotes(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.confusion = evaluation.confusion();
  }

  /** One sentence each; empty if there is nothing to say. */
  static List<String> of(Evaluation evaluation) {
    EvaluationNotes text = new EvaluationNotes(evaluation);
    if (evaluation.evaluated() == 0) {
      text.note("No row has both a label and a prediction, so no figure means anything.");
    }
    text.leftOut();
    if (evaluation.evaluated() > 0) {
      text.figures();
    }
    return List.copyOf(text.notes);
  }

  private void leftOut() {
    if (evaluation.withoutLabel() > 0) {
      note("Rows without a label, not evaluated: %,d.", evaluation.withoutLabel());
    }
    if (evaluation.unrecognised() > 0) {
      note(
          "Unrecognised labels, not evaluated: %,d. Their rows count as without a label.",
          evaluation.unrecognised());
    }
    if (evaluation.withoutPrediction() > 0) {
      note(
          "Labelled rows without a prediction, not evaluated: %,d.",
          evaluation.withoutPrediction());
    }
  }

  private void figures() {
    if (confusion.classes() == 2) {
      twoClasses();
    } else {
      manyClasses();
    }
    if (evaluation.probabilities().logLoss() == null) {
      note("Some logits are not finite, so there is no log loss, Brier score or ROC AUC.");
    } else if (confusion.classes() == 2 && evaluation.probabilities().rocAuc() == null) {
      note("All labels are of one class, so there is no ROC AUC.");
    }
  }

  private void twoClasses() {
    if (confusion.labelled(1) == 0) {
      note("No row is labelled with class 1, so recall and F1 are given as 0.");
    }
    if (confusion.predicted(1) == 0) {
      note("No row is predicted as class 1, so precision and F1 are given as 0.");
    }
  }

  private void manyClasses() {
    int classes = confusion.classes();
    note(
        "Precision, recall and F1 are unweighted means over %,d classes; ROC AUC is for two.",
        classes);
    long absent =
        IntStream.range(0, classes).filter(label -> confusion.labelled(label) == 0).count();
    if (absent > 0) {
      note(
          "Classes without a label count as 0 in the mean of recall: %,d of %,d.", absent, classes);
    }
  }

  private void note(String format, Object... values) {
    notes.add(String.format(Locale.ROOT, format, values));
  }
}
