package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

/** The script with the jar that is shipped, in which libraries have other names. */
final class ExportIT {
  @TempDir Path folder;

  @Test
  void exportsFromAnyFolder() throws Exception {
    Script.Ended ended = Script.in(folder).run("export", "--to", "onnx", "--output", "small.onnx");
    assertThat(ended.err()).isEmpty();
    ended.assertDone();
    Path file = folder.resolve("small.onnx");
    assertThat(ended.out()).startsWith("Exported small-imdb to ").contains("small.onnx (17,");
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      assertThat(session.getInputNames()).containsExactly("ids");
    }
  }

  @Test
  void tellsMistakesInALine() throws Exception {
    Script.Ended ended = Script.in(folder).run("export", "--to", "onnx");
    assertThat(ended.err()).isEqualTo("Missing --output. Try 'jobs/export.sh --help'.\n");
    assertThat(ended.code()).isEqualTo(ErrorCode.USAGE.exitCode());
  }
}
