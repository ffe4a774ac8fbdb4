package swarmformer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import swarmformer.errors.InputException;

/** Directories of table formats and streams, whose files count only as far as their logs say. */
public final class TableFolders {
  /** A file of a log. */
  private static final Pattern LOG =
      Pattern.compile(
          "((?:.*/)?)(?:(?:_delta_log|_spark_metadata|\\.hoodie)/.*|metadata/[^/]*\\.metadata\\.json)");

  private TableFolders() {}

  /**
   * The directory of the table or stream to whose log a file belongs; empty if it is of none that
   * is read.
   *
   * @param relative where the file lies below the input
   */
  static Optional<String> ofLog(String relative) {
    Matcher log = LOG.matcher(relative);
    return log.matches() && !FileNames.isHidden(log.group(1))
        ? Optional.of(log.group(1))
        : Optional.empty();
  }

  /**
   * Refuses files of a table or stream: some of them may have been replaced, deleted or abandoned.
   *
   * @throws InputException if there is one in the input, or the input lies in one
   */
  static void refuse(InputFiles inputs, Configuration hadoop) throws IOException {
    Set<Path> known = new HashSet<>();
    for (FileStatus input : inputs.matches()) {
      FileSystem files = input.getPath().getFileSystem(hadoop);
      Path folder = input.isDirectory() ? input.getPath() : input.getPath().getParent();
      while (folder != null && known.add(folder)) {
        refuse(inputs, files, folder);
        folder = folder.getParent();
      }
    }
    for (Path folder : inputs.logged()) {
      refuse(inputs, folder.getFileSystem(hadoop), folder);
    }
  }

  private static void refuse(InputFiles inputs, FileSystem files, Path folder) throws IOException {
    try {
      if (!inputs.isOnly(folder) && files.exists(new Path(folder, InputFiles.STREAM_LOG))) {
        throw new InputException(
            "Cannot read files of %s: a stream of Spark wrote it, and its %s says which of them count, if it is the only input. Run once for each such directory."
                .formatted(folder, InputFiles.STREAM_LOG));
      }
      Optional<String> format = formatOf(files, folder);
      if (format.isPresent()) {
        throw refusal(folder, format.get());
      }
    } catch (FileNotFoundException | AccessDeniedException | AccessControlException e) {
      // A directory above the input that may not be looked into.
    }
  }

  /** The format of the table whose log lies in a directory; empty if it is none. */
  public static Optional<String> formatOf(FileSystem files, Path folder) throws IOException {
    if (files.exists(new Path(folder, "_delta_log"))) {
      return Optional.of("Delta");
    }
    if (files.exists(new Path(folder, ".hoodie"))) {
      return Optional.of("Hudi");
    }
    Path metadata = new Path(folder, "metadata");
    return files.exists(metadata)
            && Arrays.stream(files.listStatus(metadata))
                .anyMatch(file -> file.getPath().getName().endsWith(".metadata.json"))
        ? Optional.of("Iceberg")
        : Optional.empty();
  }

  private static InputException refusal(Path folder, String format) {
    return new InputException(
        "Cannot read files of %s: it is a table of %s, whose log says which of them count. Read the table with --table, or with --format %s and its jar."
            .formatted(folder, format, format.toLowerCase(Locale.ROOT)));
  }
}
