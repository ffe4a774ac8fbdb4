package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.model.Precision;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;
import swarmformer.tokens.TokenizerKind;

final class ExecutorModelIT {
  private static final int MODELS = 6;
  private static final int MAX_KEPT = 2;
  private static final Offset<Float> TOLERANCE = Offset.offset(1e-5f);
  private static final int[][] IDS = {{2, 7, 9, 3}};

  @Test
  void freesModelsThatNoTaskUses() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    int before = ExecutorState.ofJvm().models();
    List<Float> logits =
        context
            .parallelize(IntStream.rangeClosed(1, MODELS).boxed().toList(), MODELS)
            .map(ExecutorModelIT::score)
            .collect();
    assertThat(logits)
        .hasSize(MODELS)
        .allSatisfy(logit -> assertThat(logit).isCloseTo(logits.get(0), TOLERANCE));
    assertThat(ExecutorState.ofJvm().models()).isLessThanOrEqualTo(before + MAX_KEPT);
    // One that was freed is loaded again.
    assertThat(context.parallelize(List.of(1), 1).map(ExecutorModelIT::score).collect().get(0))
        .isCloseTo(logits.get(0), TOLERANCE);
  }

  /** Scores with a model of its own: another number of positions makes another one. */
  private static float score(int microBatch) {
    TorchEngine.start(1);
    ModelFiles files =
        new Checkpoints(new Configuration(), Map.of()).read(Golden.file("tiny/a").toString());
    ScoringSettings settings =
        new ScoringSettings(
            "cpu",
            1,
            "float32",
            Precision.FLOAT32,
            microBatch,
            1,
            0,
            TokenizerKind.FAST,
            true,
            EmittedIds.NONE,
            false);
    return ExecutorState.ofJvm()
        .model(files, Device.cpu(), settings)
        .network()
        .logits(IDS)
        .rows()[0][0];
  }
}
