package swarmformer.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import swarmformer.errors.InputException;
import swarmformer.errors.SwarmFormerException;

/** Input paths and globs, and the files and directories that they name. */
final class InputPaths {
  private InputPaths() {}

  /**
   * Finds what the paths and globs of a source name, each once. A path that exists is taken as it
   * is, even if it could be a glob.
   *
   * @throws InputException if one of them names nothing
   */
  static List<FileStatus> matches(TextSource source, Configuration hadoop) {
    PathFilter filter = filter(source);
    Map<Path, FileStatus> matches = new LinkedHashMap<>();
    for (String path : source.paths()) {
      matches(path, filter, hadoop).forEach(match -> matches.putIfAbsent(match.getPath(), match));
    }
    return List.copyOf(matches.values());
  }

  /** Files that Spark leaves out because the user wants it need not be fit to be read. */
  static PathFilter filter(TextSource source) {
    String glob = ReadOptions.get(source.readerOptions(), "pathGlobFilter");
    try {
      return glob.isEmpty() ? file -> true : new GlobFilter(glob);
    } catch (IOException e) {
      throw new InputException(
          "Cannot use pathGlobFilter=%s: %s. Check --option.".formatted(glob, e.getMessage()), e);
    }
  }

  private static List<FileStatus> matches(String name, PathFilter filter, Configuration hadoop) {
    try {
      Path path = new Path(name);
      FileSystem files = path.getFileSystem(hadoop);
      if (files.getUri().getScheme().startsWith("http")) {
        throw new InputException(
            "Cannot read %s: Spark reads no web pages. Download the file first, as with curl -O."
                .formatted(name));
      }
      FileStatus[] found =
          isGlob(name) && files.exists(path)
              ? new FileStatus[] {files.getFileStatus(path)}
              : files.globStatus(path);
      if (found == null || found.length == 0) {
        throw new InputException(
            "Cannot read '%s': there is no such file or directory. Check the path.%s"
                .formatted(name, LocalNames.adviceFor(name)));
      }
      return withoutHidden(name, filter, found);
    } catch (SwarmFormerException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "Cannot read '%s': it is not a path (%s). Check the path%s."
              .formatted(name, e.getMessage(), adviceFor(e)),
          e);
    } catch (IOException | RuntimeException e) { // of a file system whose jar is not there
      throw Failures.ofReading(name, e);
    }
  }

  /** A name with a colon beside what a glob names comes so, too. */
  private static String adviceFor(IllegalArgumentException failure) {
    return failure.getMessage().contains("Relative path in absolute URI")
        ? ", and rename files with a colon: Hadoop does not read them"
        : "";
  }

  private static boolean isGlob(String name) {
    return name.chars().anyMatch(c -> "{}[]*?\\".indexOf(c) >= 0);
  }

  private static List<FileStatus> withoutHidden(
      String name, PathFilter filter, FileStatus[] found) {
    List<FileStatus> seen =
        Arrays.stream(found)
            .filter(match -> !FileNames.isHidden(match.getPath().getName()))
            .toList();
    List<String> data =
        Arrays.stream(found)
            .filter(match -> match.isFile() && filter.accept(match.getPath()))
            .map(match -> match.getPath().getName())
            .filter(file -> FileNames.isHidden(file) && FileNames.isData(file))
            .toList();
    if (seen.isEmpty() || !data.isEmpty()) {
      throw new InputException(
          "Cannot read '%s': Spark passes over names that begin with '_' or '.'%s. Rename them."
              .formatted(name, data.isEmpty() ? "" : ", here " + String.join(", ", data)));
    }
    return seen;
  }

  /** A path that a reader of Spark does not take for a glob. */
  static String quoted(Path path) {
    return path.toString().replaceAll("([{}\\[\\]*?\\\\])", "\\\\$1");
  }
}
