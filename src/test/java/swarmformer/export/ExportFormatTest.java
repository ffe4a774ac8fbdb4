package swarmformer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SafetensorsFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.checkpoint.Weights.Weight;

final class ExportFormatTest {
  private static final SwarmFormerConfig CONFIG =
      new SwarmFormerConfig(50, 6, 12, 3, 2, 1, List.of("bad", "so so", "good"));

  @TempDir Path folder;

  private static Checkpoint checkpoint(Dtype dtype) {
    return SafetensorsFiles.checkpoint(CONFIG, 3, dtype);
  }

  @ParameterizedTest
  @EnumSource
  void givesEqualFilesForEqualModels(ExportFormat format) throws Exception {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    format.write(checkpoint(Dtype.F32), one);
    format.write(checkpoint(Dtype.F32), two);
    assertThat(one).hasSameBinaryContentAs(two);
  }

  @ParameterizedTest
  @EnumSource(Dtype.class)
  void safetensorsHoldTheWeightsThatWereRead(Dtype dtype) throws Exception {
    Checkpoint read = checkpoint(dtype);
    Path file = folder.resolve("model.safetensors");
    ExportFormat.SAFETENSORS.write(read, file);
    Checkpoint again =
        Checkpoint.parse(ModelFiles.of("again", CONFIG.toJson(), Files.readAllBytes(file)));
    assertThat(again.weights().tensors())
        .usingRecursiveComparison()
        .isEqualTo(read.weights().tensors());
  }

  @Test
  void torchScriptCarriesTheConfiguration() throws Exception {
    Path file = folder.resolve("model.pt");
    ExportFormat.TORCHSCRIPT.write(checkpoint(Dtype.F32), file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] config =
          zip.getInputStream(zip.getEntry("SwarmFormer/extra/config.json")).readAllBytes();
      assertThat(SwarmFormerConfig.parse(config, "extra")).isEqualTo(CONFIG);
    }
  }

  @Test
  void onnxCarriesTheConfigurationAndItsShapes() throws Exception {
    Path file = folder.resolve("model.onnx");
    ExportFormat.ONNX.write(checkpoint(Dtype.F32), file);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      String config = session.getMetadata().getCustomMetadata().get("config.json");
      assertThat(config)
          .isEqualToIgnoringNewLines(new String(CONFIG.toJson(), StandardCharsets.UTF_8));
      assertThat(session.getInputInfo().get("ids").getInfo().toString())
          .contains("INT64", "shape=[-1, 12]", "dimNames=[batch,");
      assertThat(session.getOutputInfo().get("logits").getInfo().toString())
          .contains("FLOAT", "shape=[-1, 3]", "dimNames=[batch,");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsTooLargeForItsFile(ExportFormat format) {
    Weight weight = new Weight("w", List.of(1_000_000L), new float[1_000_000]);
    Weights weights = new Weights(Collections.nCopies(540, weight), 3);
    assertThatThrownBy(() -> format.write(new Checkpoint(CONFIG, weights), folder.resolve("f")))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot export the model: it has 2,160,000,000 bytes of float32 weights, and a file has at most 2 GiB. Choose a smaller --model.");
    assertThat(folder).isEmptyDirectory();
  }
}
