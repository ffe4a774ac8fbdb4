package swarmformer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.Golden;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;
import swarmformer.model.TorchEngine;

/** What is exported, run by PyTorch and ONNX Runtime without our network. */
final class ExportedLogitsTest {
  /** Absolute, up to logits of 1, and relative to larger ones. */
  private static final float TOLERANCE = 1e-5f;

  /** Absolute. Random Base amplifies rounding: plain PyTorch is as far from the exact logits. */
  private static final float BASE_TOLERANCE = 5e-5f;

  @TempDir Path folder;

  @BeforeAll
  static void startEngine() {
    TorchEngine.start(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d", "e", "f", "g"})
  void areThoseOfTheReferenceForOddConfigurations(String name) throws Exception {
    Path model = Golden.file("tiny/" + name);
    JsonNode expected = Golden.json(model.resolve("expected.json"));
    int[][] ids = all(expected.get("ids"));
    for (float[][] logits : exported(Golden.checkpoint(model), ids)) {
      for (int row = 0; row < ids.length; row++) {
        double[] reference = Golden.logits(expected.get("logits").get(row));
        for (int i = 0; i < reference.length; i++) {
          double tolerance = TOLERANCE * (1 + Math.abs(reference[i]));
          assertThat((double) logits[row][i]).isCloseTo(reference[i], within(tolerance));
        }
      }
    }
    assertSame(Golden.checkpoint(model), ids);
  }

  @Test
  void areOursForTheBundledModel() throws Exception {
    Checkpoint small = Golden.checkpoint(Path.of("models/small-imdb"));
    assertSame(small, rows(small.config(), 24));
  }

  @Test
  void areOursForReviewsAndTrainedSmall() throws Exception {
    Path model = Golden.external("small-imdb");
    List<JsonNode> lines = Golden.lines(model.resolve("expected.jsonl"));
    assertSame(
        Golden.checkpoint(model),
        lines.stream().limit(24).map(line -> Golden.ids(line.get("ids"))).toArray(int[][]::new));
  }

  @Test
  void areThoseOfTheReferenceForRandomBase() throws Exception {
    Path model = Golden.external("base-random");
    JsonNode expected = Golden.json(model.resolve("expected.json"));
    int[][] ids = all(expected.get("ids"));
    for (float[][] logits : exported(Golden.checkpoint(model), ids)) {
      for (int row = 0; row < ids.length; row++) {
        double[] reference = Golden.logits(expected.get("logits").get(row));
        assertThat(widened(logits[row]))
            .containsExactly(reference, within((double) BASE_TOLERANCE));
      }
    }
  }

  @Test
  void areOursForTheSizesOfBase() throws Exception {
    SwarmFormerConfig config = new SwarmFormerConfig(500, 192, 768, 4, 2, 3, List.of());
    assertSame(SafetensorsFiles.checkpoint(config, 2, Dtype.F32), rows(config, 6));
  }

  @ParameterizedTest
  @CsvSource({"3,1,1,1,2", "4,1,2,3,5", "12,12,1,2,3", "30,5,12,1,2"})
  void areOursForTheSmallestShapes(int length, int cluster, int layers, int steps, int classes)
      throws Exception {
    SwarmFormerConfig config =
        new SwarmFormerConfig(50, 6, length, cluster, layers, steps, List.of());
    Checkpoint checkpoint = SafetensorsFiles.checkpoint(config, classes, Dtype.F16);
    assertSame(checkpoint, rows(config, 5));
    assertSame(checkpoint, rows(config, 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"TORCHSCRIPT", "ONNX"})
  void areNoneForNoRows(ExportFormat format) throws Exception {
    Checkpoint checkpoint = Golden.checkpoint(Golden.file("tiny/a"));
    try (Exported file = new Exported(checkpoint, format, folder)) {
      assertThat(file.logits(new int[0][])).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TORCHSCRIPT,ids must be padded with 0 to 96 columns", "ONNX,Expected: 96"})
  void areRefusedForRowsThatAreNotPadded(ExportFormat format, String why) throws Exception {
    Checkpoint checkpoint = Golden.checkpoint(Golden.file("tiny/a"));
    try (Exported file = new Exported(checkpoint, format, folder)) {
      assertThatThrownBy(() -> file.logitsOfPadded(new int[2][92])).hasMessageContaining(why);
    }
  }

  /** Both formats give our logits. */
  private void assertSame(Checkpoint checkpoint, int[][] ids) throws Exception {
    float[][] expected;
    try (SwarmFormer network =
        SwarmFormer.load(checkpoint, Device.cpu(), Precision.FLOAT32, 1_024)) {
      expected = network.logits(ids).rows();
    }
    for (float[][] logits : exported(checkpoint, ids)) {
      for (int row = 0; row < ids.length; row++) {
        for (int i = 0; i < expected[row].length; i++) {
          float tolerance = TOLERANCE * Math.max(1, Math.abs(expected[row][i]));
          assertThat(logits[row][i])
              .as("row %d", row)
              .isCloseTo(expected[row][i], within(tolerance));
        }
      }
    }
  }

  private List<float[][]> exported(Checkpoint checkpoint, int[][] ids) throws Exception {
    List<float[][]> logits = new ArrayList<>();
    for (ExportFormat format : List.of(ExportFormat.TORCHSCRIPT, ExportFormat.ONNX)) {
      try (Exported file = new Exported(checkpoint, format, folder)) {
        logits.add(file.logits(ids));
      }
      assertThat(logits.get(logits.size() - 1)).hasNumberOfRows(ids.length);
    }
    return logits;
  }

  private static double[] widened(float... values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static int[][] all(JsonNode rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(Golden::ids).toArray(int[][]::new);
  }

  /** Random ids, of all lengths. */
  private static int[][] rows(SwarmFormerConfig config, int count) {
    Random random = new Random(5);
    return IntStream.rangeClosed(1, count)
        .map(row -> Math.max(1, row * config.seqLen() / count))
        .mapToObj(length -> random.ints(length, 0, config.vocabSize()).toArray())
        .toArray(int[][]::new);
  }
}
