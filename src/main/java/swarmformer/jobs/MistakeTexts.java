package swarmformer.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.analysis.Mistake;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Columns;
import swarmformer.data.Failures;
import swarmformer.data.Texts;
import swarmformer.errors.DeviceException;
import swarmformer.metrics.RecordedRun;
import swarmformer.models.Checkpoints;
import swarmformer.scoring.LeaveOneOut;

/** The texts of the listed mistakes: the part that the network read, and what tipped it. */
record MistakeTexts(SparkSession spark, RecordedRun run, String device) {
  private static final Logger LOG = LoggerFactory.getLogger(MistakeTexts.class);

  /** A text that the model finds so much less or more likely is not the one that was scored. */
  private static final double OTHER = 0.1;

  /** Ids may repeat; rows beyond are left out. */
  private static final int MOST_ROWS = 1_000;

  /**
   * Finds texts and explains them. Without the model of the run, which may be gone, or a device
   * that computes, texts stay whole.
   *
   * @param input of the run, for mistakes whose text the predictions do not carry
   * @param kept whether a column {@code text} that was kept is what was scored
   */
  List<Mistake> explain(List<Mistake> mistakes, Optional<Texts> input, boolean kept) {
    List<Mistake> carried =
        mistakes.stream()
            .map(
                mistake ->
                    kept && mistake.text() != null && !mistake.text().isBlank()
                        ? mistake
                        : mistake.read(null, null))
            .toList();
    List<Mistake> told = input.map(texts -> found(carried, texts)).orElse(carried);
    return told.stream().noneMatch(mistake -> mistake.text() != null)
        ? told
        : model().map(model -> tippedOrWhole(told, model)).orElse(told);
  }

  private static List<Mistake> found(List<Mistake> mistakes, Texts input) {
    Object[] ids =
        mistakes.stream()
            .filter(mistake -> mistake.text() == null)
            .map(Mistake::id)
            .filter(Objects::nonNull)
            .toArray();
    if (ids.length == 0) {
      return mistakes;
    }
    Map<String, String> texts = new HashMap<>();
    input
        .rows()
        .where(Columns.idText(input.rows()).isin(ids))
        .select(Columns.idText(input.rows()), coalesce(col(Texts.CONTENT), lit("")))
        .limit(MOST_ROWS)
        .collectAsList()
        .forEach(
            row -> // an id of several rows tells no text
            texts.merge(
                    row.getString(0),
                    row.getString(1),
                    (one, other) -> one.equals(other) ? one : ""));
    return mistakes.stream()
        .map(
            mistake -> {
              String text = mistake.text() == null ? texts.get(mistake.id()) : mistake.text();
              return mistake.read(text == null || text.isEmpty() ? null : text, null);
            })
        .toList();
  }

  private Optional<ModelFiles> model() {
    try {
      return Optional.of(
              new Checkpoints(spark.sparkContext().hadoopConfiguration(), System.getenv())
                  .read(run.facts().modelName()))
          .filter(files -> files.sha256().equals(run.facts().modelSha256()));
    } catch (ModelException e) {
      return Optional.empty();
    }
  }

  private List<Mistake> tippedOrWhole(List<Mistake> mistakes, ModelFiles model) {
    try {
      return tipped(mistakes, model);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      if (!(Failures.ofProgram(e) instanceof DeviceException device)) {
        throw e;
      }
      LOG.warn("Does not look for what tipped the mistakes: {}", device.getMessage());
      return mistakes;
    }
  }

  private List<Mistake> tipped(List<Mistake> mistakes, ModelFiles model) {
    List<Mistake> withText = mistakes.stream().filter(each -> each.text() != null).toList();
    List<LeaveOneOut.Tip> tips =
        new LeaveOneOut(spark, model, device, run.facts().dtype())
            .of(
                withText.stream()
                    .map(each -> new LeaveOneOut.Predicted(each.text(), (int) each.prediction()))
                    .toList());
    return mistakes.stream()
        .map(
            each -> {
              int at = withText.indexOf(each);
              return at < 0 ? each : tipped(each, tips.get(at));
            })
        .toList();
  }

  private static Mistake tipped(Mistake mistake, LeaveOneOut.Tip tip) {
    if (Math.abs(tip.whole() - mistake.confidence()) > OTHER) {
      return mistake.read(null, null);
    }
    String words = String.join(", ", tip.words());
    return mistake.read(tip.read(), new Mistake.Tip(tip.sentence(), tip.probability(), words));
  }
}
