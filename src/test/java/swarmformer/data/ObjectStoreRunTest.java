package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.data.RunDirectories.content;
import static swarmformer.data.RunDirectories.local;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.stage;
import static swarmformer.data.RunDirectories.write;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreRunTest {
  @TempDir Path output;

  @Test
  void writesInPlaceWhereFoldersCannotBeRenamed() {
    try (RunDirectory run = claim(false)) {
      stage(run, "new");
      assertThat(content(output, "k")).contains("new");
      finish(run);
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(names(output.resolve("run=k"))).containsExactly("metrics", "predictions");
  }

  @Test
  void refusesAnIdThatIsTaken() {
    publish("old");
    assertThatThrownBy(() -> claim(false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write run 'k': store:%s/run=k exists. Set another --run-id, or --overwrite to replace it.",
            output);
  }

  @Test
  void replacesARunThatIsNotComplete() {
    write(output.resolve("run=k/predictions/part"), "half");
    write(output.resolve("run=k/batches/part"), "half");
    publish("new");
    assertThat(names(output.resolve("run=k"))).containsExactly("metrics", "predictions");
    assertThat(content(output, "k")).contains("new");
  }

  @Test
  void replacesACompleteRunOnlyWhenItHasScored() {
    publish("old");
    try (RunDirectory run = claim(true)) {
      write(local(run.scratch("scored")).resolve("part"), "scoring");
      assertThat(content(output, "k")).contains("old");
      stage(run, "new");
      finish(run);
    }
    assertThat(names(output)).containsExactly("run=k");
    assertThat(content(output, "k")).contains("new");
  }

  private void publish(String content) {
    try (RunDirectory run = claim(false)) {
      stage(run, content);
      finish(run);
    }
  }

  private static void finish(RunDirectory run) {
    write(local(run.dataset("metrics")).resolve("_SUCCESS"), "");
    run.publish();
  }

  private RunDirectory claim(boolean overwrite) {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.store.impl", ObjectStore.class, FileSystem.class);
    return RunDirectory.claim(hadoop, ObjectStore.SCHEME + ":" + output, "k", overwrite);
  }
}
