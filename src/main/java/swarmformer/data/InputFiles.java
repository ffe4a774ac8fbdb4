package swarmformer.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The files behind input paths: whether they exist and which format their names tell. */
final class InputFiles {
  static final String IMDB = "imdb";
  private static final Set<String> COMPRESSIONS =
      Set.of("gz", "bz2", "zst", "snappy", "lz4", "deflate");
  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("parquet", "parquet"),
          Map.entry("orc", "orc"),
          Map.entry("json", "json"),
          Map.entry("jsonl", "json"),
          Map.entry("ndjson", "json"),
          Map.entry("csv", "csv"),
          Map.entry("tsv", "csv"),
          Map.entry("txt", "text"),
          Map.entry("text", "text"));

  private final Configuration hadoop;
  private final List<FileStatus> matches;

  private InputFiles(Configuration hadoop, List<FileStatus> matches) {
    this.hadoop = hadoop;
    this.matches = matches;
  }

  /**
   * Finds what the paths and globs name.
   *
   * @throws DataException if one of them names nothing
   */
  static InputFiles find(List<String> paths, Configuration hadoop) {
    List<FileStatus> matches = new ArrayList<>();
    for (String path : paths) {
      matches.addAll(matches(path, hadoop));
    }
    return new InputFiles(hadoop, matches);
  }

  private static List<FileStatus> matches(String name, Configuration hadoop) {
    try {
      Path path = new Path(name);
      FileStatus[] found = path.getFileSystem(hadoop).globStatus(path);
      if (found == null || found.length == 0) {
        throw new DataException(
            "Cannot read '" + name + "': there is no such file or folder. Check the path.");
      }
      return withoutHidden(name, found);
    } catch (IOException e) {
      throw ReadErrors.translate(name, e);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "Cannot read '%s': it is no path (%s). Check the path.".formatted(name, e.getMessage()),
          e);
    }
  }

  private static List<FileStatus> withoutHidden(String name, FileStatus[] found) {
    List<FileStatus> seen =
        Arrays.stream(found).filter(match -> !isHidden(match.getPath().getName())).toList();
    if (seen.isEmpty()) {
      throw new DataException(
          "Cannot read '"
              + name
              + "': Spark passes over names that begin with '_' or '.'. Rename it.");
    }
    return seen;
  }

  /** Absolute paths of what was found. */
  List<Path> paths() {
    return matches.stream().map(FileStatus::getPath).toList();
  }

  /** Names the format of all files, by the ending of the first in each path. */
  String format() {
    TreeSet<String> formats = new TreeSet<>();
    for (FileStatus match : matches) {
      formats.add(formatOf(match));
    }
    if (formats.size() > 1) {
      throw new DataException(
          "Cannot read files of different formats in one run: "
              + String.join(", ", formats)
              + ". Run once for each.");
    }
    return formats.first();
  }

  private String formatOf(FileStatus match) {
    try {
      FileSystem files = match.getPath().getFileSystem(hadoop);
      if (match.isDirectory() && !ImdbFolders.below(match.getPath(), hadoop).isEmpty()) {
        return IMDB;
      }
      Path file = match.isDirectory() ? firstFile(files, match.getPath()) : match.getPath();
      String format = FORMATS.get(ending(file.getName()));
      if (format == null) {
        throw new DataException(
            "Cannot tell the format of " + file + " from its name. Set --format, as in csv.");
      }
      return format;
    } catch (IOException e) {
      throw ReadErrors.translate(match.getPath().toString(), e);
    }
  }

  /**
   * Refuses folders without files, of which Spark says that they have no columns, or no rows.
   *
   * @throws DataException if there is one
   */
  void refuseEmptyFolders() throws IOException {
    for (FileStatus match : matches) {
      if (match.isDirectory()) {
        firstFile(match.getPath().getFileSystem(hadoop), match.getPath());
      }
    }
  }

  private static Path firstFile(FileSystem files, Path folder) throws IOException {
    RemoteIterator<LocatedFileStatus> found = files.listFiles(folder, true);
    while (found.hasNext()) {
      Path file = found.next().getPath();
      if (!isHidden(folder.toUri().relativize(file.toUri()).getPath())) {
        return file;
      }
    }
    throw new DataException(
        "Cannot read " + folder + ": the folder holds no files. Check the path.");
  }

  /** Spark passes over names that begin with an underscore or a dot. */
  private static boolean isHidden(String relative) {
    for (String part : relative.split("/")) {
      if ((part.startsWith("_") && !part.contains("=")) || part.startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** The file-name ending that tells the format: {@code csv} of {@code reviews.csv.gz}. */
  static String ending(String fileName) {
    String[] parts = fileName.toLowerCase(Locale.ROOT).split("\\.");
    int last = parts.length - 1;
    if (last > 0 && COMPRESSIONS.contains(parts[last])) {
      last--;
    }
    return last > 0 ? parts[last] : "";
  }
}
