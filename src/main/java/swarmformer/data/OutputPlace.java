package swarmformer.data;

import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import swarmformer.errors.OutputException;

/** Whether an output may lie where a user wants it. */
public final class OutputPlace {
  private static final Pattern GLOB = Pattern.compile("[\\[\\]{}*?\\\\]");

  private OutputPlace() {}

  /**
   * Refuses an output inside an input directory, which the next run would read, and one whose path
   * Spark would not find again.
   *
   * @throws OutputException if it is such a place
   */
  public static void check(TextSource source, String output, Configuration hadoop) {
    if (GLOB.matcher(output).find()) {
      throw new OutputException(
          "Cannot write to '%s': Spark takes the characters [ ] { } * ? \\ for a pattern when it reads there. Set --output or --store to a path without them."
              .formatted(output));
    }
    Path path = of(output, hadoop);
    try {
      String place = qualified(path, hadoop);
      for (FileStatus match : InputPaths.matches(source, hadoop)) {
        Path input = match.getPath();
        if (place.startsWith(qualified(input, hadoop))) {
          throw new OutputException(
              "Cannot write to %s: it lies inside the input %s, so the next run would read it. Set --output or --store to a directory outside."
                  .formatted(output, input));
        }
      }
    } catch (IOException e) {
      throw Failures.ofWriting(output, e);
    }
  }

  /**
   * The path of an output.
   *
   * @throws OutputException if it is not a path, or nothing is known of its file system
   */
  public static Path of(String output, Configuration hadoop) {
    try {
      Path path = new Path(output);
      path.getFileSystem(hadoop);
      return path;
    } catch (IllegalArgumentException e) {
      throw new OutputException(
          "Cannot write to '%s': it is not a path (%s). Set another --output or --store."
              .formatted(output, e.getMessage()),
          e);
    } catch (IOException | RuntimeException e) { // of a file system whose jar is not there
      throw Failures.ofWriting(output, e);
    }
  }

  private static String qualified(Path path, Configuration hadoop) throws IOException {
    String place = path.getFileSystem(hadoop).makeQualified(path).toString();
    return place.endsWith(Path.SEPARATOR) ? place : place + Path.SEPARATOR; // the root has it
  }
}
