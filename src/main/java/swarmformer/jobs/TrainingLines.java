package swarmformer.jobs;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import swarmformer.training.TrainingHistory;
import swarmformer.training.TrainingProgress;

/** Shows a training to a person: one line that changes on a terminal, lines elsewhere. */
final class TrainingLines implements TrainingProgress {
  private final boolean terminal = "terminal".equals(System.getenv("SWARMFORMER_PROGRESS"));
  private final PrintStream out;
  private long first;
  private double firstShare = -1;

  TrainingLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void steps(
      String epoch, double share, double loss, double accuracy, double textsPerSecond) {
    if (firstShare < 0) {
      firstShare = share;
      first = System.nanoTime();
    }
    double seconds = (System.nanoTime() - first) / 1e9;
    double left = share > firstShare ? seconds * (1 - share) / (share - firstShare) : Double.NaN;
    show(
        String.format(
            Locale.ROOT,
            "%s, %3.0f %%: loss %.3f, accuracy %.1f %%, %.0f texts/s, %s left",
            epoch,
            100 * share,
            loss,
            100 * accuracy,
            textsPerSecond,
            Double.isNaN(left) ? "?" : minutes(left)));
  }

  private void show(String line) {
    if (terminal) {
      out.print("\r" + line + "\u001b[K");
      out.flush();
    } else {
      out.println(line);
    }
  }

  @Override
  public void pretraining(TrainingHistory.Pretraining epoch) {
    String name = "pretraining epoch " + epoch.epoch();
    showEnd(name, epoch.loss(), epoch.accuracy(), "", epoch.seconds());
  }

  @Override
  public void epoch(TrainingHistory.Epoch epoch) {
    String validation =
        epoch.validated()
            ? String.format(
                Locale.ROOT,
                " validation: loss %.3f, accuracy %s;",
                epoch.validationLoss(),
                ConsoleReport.percent(epoch.validationAccuracy()))
            : "";
    showEnd("epoch " + epoch.epoch(), epoch.loss(), epoch.accuracy(), validation, epoch.seconds());
  }

  private void showEnd(
      String epoch, double loss, double accuracy, String validation, double seconds) {
    show(
        String.format(
            Locale.ROOT,
            "%s: loss %.3f, accuracy %s;%s %s",
            epoch,
            loss,
            ConsoleReport.percent(accuracy),
            validation,
            minutes(seconds)));
    if (terminal) {
      out.println();
    }
  }

  private static String minutes(double seconds) {
    Duration time = Duration.ofSeconds(Math.round(seconds));
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart())
        : String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
  }
}
