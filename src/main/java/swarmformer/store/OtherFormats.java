package swarmformer.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import swarmformer.data.TableFolders;
import swarmformer.errors.OutputException;

/**
 * Keeps a store from being taken for one of another format: all have their rows in {@code
 * STORE/predictions}, Delta's and plain Parquet's even in directories of the same names.
 */
final class OtherFormats {
  private OtherFormats() {}

  /**
   * Refuses a directory with a table of another format.
   *
   * @param format that of the store, as options have it
   */
  static void refuseTable(FileSystem files, Path root, String format) throws IOException {
    Optional<String> found = TableFolders.formatOf(files, new Path(root, "predictions"));
    if (found.isPresent() && !found.get().equalsIgnoreCase(format)) {
      throw refusal(root, format, "a table of " + found.get(), found.get());
    }
  }

  /**
   * Refuses a directory with nights of plain Parquet.
   *
   * @param format that of the store, as options have it
   */
  static void refusePlainNights(FileSystem files, Path root, String format) throws IOException {
    try {
      for (FileStatus night : files.listStatus(new Path(root, "predictions"))) {
        if (new ManifestFile(files, night.getPath()).exists()) {
          throw refusal(root, format, "one of plain Parquet", "parquet");
        }
      }
    } catch (FileNotFoundException e) {
      // There is no store yet.
    }
  }

  private static OutputException refusal(Path root, String format, String what, String found) {
    return new OutputException(
        "Cannot use %s as a store of %s: it is %s. Set --store-format %s, or another --store."
            .formatted(root, format, what, found.toLowerCase(Locale.ROOT)));
  }
}
