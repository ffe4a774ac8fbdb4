package swarmformer.data;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Whether an output may lie where a user wants it. */
public final class OutputPlace {
  private OutputPlace() {}

  /**
   * Refuses an output inside an input folder, which the next run would read.
   *
   * @throws DataException if it lies there
   */
  public static void check(TextSource source, String output, Configuration hadoop) {
    try {
      String place = qualified(new Path(output), hadoop);
      for (Path input : InputFiles.find(source.paths(), hadoop).paths()) {
        if (place.startsWith(qualified(input, hadoop))) {
          throw new DataException(
              "Cannot write to %s: it lies inside the input %s, so the next run would read it. Set --output or --store to a folder outside."
                  .formatted(output, input));
        }
      }
    } catch (IOException e) {
      throw WriteErrors.translate(output, e);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "Cannot write to '%s': it is no path (%s). Set another --output or --store."
              .formatted(output, e.getMessage()),
          e);
    }
  }

  private static String qualified(Path path, Configuration hadoop) throws IOException {
    return path.getFileSystem(hadoop).makeQualified(path) + Path.SEPARATOR;
  }
}
