package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellCheckTest {
  private static final Path HOME = Script.projectHome();

  @TempDir Path folder;

  @Test
  void findsNothingInAnyScript() throws Exception {
    boolean installed = Shell.in(folder).run("bash", "-c", "command -v shellcheck").code() == 0;
    assumeTrue(installed || System.getenv("CI") != null, "shellcheck is not installed");
    List<Object> command = new ArrayList<>(List.of("shellcheck", HOME.resolve(".ci/run")));
    for (String scripts : List.of("jobs", "conf", "notebooks")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(scripts))) {
        files.filter(file -> file.toString().endsWith(".sh")).forEach(command::add);
      }
    }
    assertThat(command).hasSizeGreaterThan(8);
    assertThat(Shell.in(folder).run(command.toArray())).isEqualTo(new Script.Ended(0, "", ""));
  }
}
