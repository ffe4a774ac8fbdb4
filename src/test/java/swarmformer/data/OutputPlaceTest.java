package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.errors.OutputException;

class OutputPlaceTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;

  @BeforeEach
  void writeInput() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    TestFiles.text(folder, "in/a.csv", "text\nGood.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"in", "in/", "in/out", "out/../in/out", "in/./out/deep"})
  void refusesAnOutputInsideTheInput(String output) {
    assertThatThrownBy(() -> check("in", folder + "/" + output))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to %s/%s: it lies inside the input file:%s/in, so the next run would read it. Set --output or --store to a directory outside."
                .formatted(folder, output, folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"out", "in2", "in/../out", "."})
  void takesAnOutputOutside(String output) {
    assertThatCode(() -> check("in", folder + "/" + output)).doesNotThrowAnyException();
  }

  @Test
  void takesAnOutputBesideInputFiles() {
    assertThatCode(() -> check("in/*.csv", folder + "/in/out")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scores [v2]", "scores {a,b}", "all*", "what?", "back\\slash"})
  void refusesAnOutputThatSparkTakesForAPattern(String output) {
    assertThatThrownBy(() -> check("in", folder + "/" + output))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to '%s/%s': Spark takes the characters [ ] { } * ? \\ for a pattern when it reads there. Set --output or --store to a path without them."
                .formatted(folder, output));
  }

  @Test
  void refusesAnOutputThatIsNoPath() {
    assertThatThrownBy(() -> check("in", ""))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to '': it is not a path (Can not create a Path from an empty string). Set another --output or --store.");
  }

  @Test
  void refusesAnOutputOnAFileSystemThatIsNotThere() {
    assertThatThrownBy(() -> check("in", "nowhere://host/out"))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to nowhere://host/out: No FileSystem for scheme \"nowhere\". Add the jar of that file system.");
  }

  /** As {@code s3a://} where hadoop-aws is missing. */
  @ParameterizedTest
  @ValueSource(strings = {"evaluation", "id"})
  void refusesAnOutputForAnEvaluationOrAnIdAsForARun(String wanted) {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.store.impl", "org.example.AbsentFileSystem");
    assertRefuses(hadoop, wanted, "store://host/out")
        .hasMessage(
            "Cannot read store://host/out: a class is missing (Class org.example.AbsentFileSystem not found). Add its jar.");
    assertRefuses(hadoop, wanted, "scores:today")
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write to 'scores:today': it is not a path (java.net.URISyntaxException: Relative path in absolute URI: scores:today). Set another --output or --store.");
  }

  private static AbstractThrowableAssert<?, ?> assertRefuses(
      Configuration hadoop, String wanted, String output) {
    return assertThatThrownBy(
        () -> {
          if (wanted.equals("id")) {
            RunDirectory.takesIds(hadoop, output);
          } else {
            PublishedRun.checkTakesEvaluations(hadoop, output);
          }
        });
  }

  private void check(String input, String output) {
    OutputPlace.check(Source.of(folder + "/" + input).source(), output, HADOOP);
  }
}
