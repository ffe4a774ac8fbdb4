package swarmformer.doctor;

import java.io.Serializable;
import org.apache.spark.BarrierTaskContext;
import swarmformer.cluster.Question;
import swarmformer.scoring.BroadcastModel;
import swarmformer.scoring.ScoringSettings;

/** Examines an executor from one of its task slots, while the others do the same. */
final class SlotExamination implements Question<SlotExamination.Result> {
  private static final long serialVersionUID = 1L;

  private final BroadcastModel model;
  private final ScoringSettings settings;

  SlotExamination(BroadcastModel model, ScoringSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  @Override
  public Result answer() {
    Engine.Started started = Engine.start(model.files(), settings);
    BarrierTaskContext.get().barrier(); // all slots score at the same time, as in a run
    TrialScoring trial =
        started
            .network()
            .map(network -> TrialScoring.run(model.files(), settings, network.device()))
            .orElse(TrialScoring.NONE);
    return new Result(Environment.look(), started.engine(), trial);
  }

  /**
   * What one task found.
   *
   * @param environment of its process
   * @param engine of its process
   * @param trial of its network
   */
  record Result(Environment environment, Engine engine, TrialScoring trial)
      implements Serializable {}
}
