package swarmformer.doctor;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.model.SwarmFormer;
import swarmformer.scoring.ScoringSettings;

/** Examines an executor from one of its task slots, while the others do the same. */
final class Examine extends AbstractFunction1<Iterator<Integer>, Iterator<Examination>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<ModelFiles> model;
  private final ScoringSettings settings;

  Examine(Broadcast<ModelFiles> model, ScoringSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  @Override
  public Iterator<Examination> apply(Iterator<Integer> slot) {
    Engine.Started started = Engine.start(model.value(), settings);
    BarrierTaskContext.get().barrier(); // all slots score at the same time, as in a run
    Trial trial = started.network().map(this::trial).orElse(Trial.NONE);
    Examination found = new Examination(Surroundings.look(), started.engine(), trial);
    return CollectionConverters.asScala(List.of(found).iterator());
  }

  private Trial trial(SwarmFormer network) {
    SwarmFormerConfig config = network.config();
    return Trial.run(
        network, settings.tokenizer().tokenizer(config.seqLen(), config.truncationSide()));
  }
}
