package swarmformer.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** What the tests of publishing share: begins, tiny datasets, and a look at what lies there. */
final class RunDirectories {
  private RunDirectories() {}

  static RunDirectory begin(Path output, String runId) {
    return RunDirectory.begin(new Configuration(), output.toString(), runId, false);
  }

  static RunDirectory beginToOverwrite(Path output, String runId) {
    return RunDirectory.begin(new Configuration(), output.toString(), runId, true);
  }

  /** Writes a run of one tiny file, which holds {@code content}, without publishing it. */
  static void stage(RunDirectory run, String content) {
    write(local(run.dataset("predictions")).resolve("part"), content);
  }

  static void publish(RunDirectory run, String content) {
    stage(run, content);
    run.publish("app");
    run.close();
  }

  static void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a published run holds. */
  static Optional<String> content(Path output, String runId) {
    Path file = output.resolve("run=" + runId).resolve("predictions/part");
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names in a directory, in order, without those of checksums. */
  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path local(String hadoopPath) {
    return Path.of(new org.apache.hadoop.fs.Path(hadoopPath).toUri().getPath());
  }
}
