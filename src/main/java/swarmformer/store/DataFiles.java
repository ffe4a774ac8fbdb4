package swarmformer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.Failures;

/** The files in the directory of a night that hold its rows. */
record DataFiles(SparkSession spark, FileSystem files, Path night) {
  /** All of them, with what tells them from others. */
  List<Manifest.DataFile> list() {
    try {
      List<FileStatus> data =
          Arrays.stream(files.listStatus(night))
              .filter(file -> !file.getPath().getName().startsWith("_"))
              .filter(file -> !file.getPath().getName().startsWith("."))
              .toList();
      List<String> hashes = FileHash.of(spark, data);
      List<Manifest.DataFile> found = new ArrayList<>();
      for (int i = 0; i < data.size(); i++) {
        FileStatus file = data.get(i);
        found.add(new Manifest.DataFile(file.getPath().getName(), file.getLen(), hashes.get(i)));
      }
      return found;
    } catch (IOException e) {
      throw Failures.ofReading(night.toString(), e);
    }
  }

  /** Tells how they differ from those of a manifest; empty if they do not. */
  List<String> differences(List<Manifest.DataFile> expected) {
    List<String> differences = new ArrayList<>();
    Map<String, Manifest.DataFile> found = byName(list());
    byName(expected).forEach((name, file) -> compare(name, file, found.remove(name), differences));
    found.keySet().forEach(name -> differences.add(name + " is not in the manifest"));
    return differences;
  }

  private static Map<String, Manifest.DataFile> byName(List<Manifest.DataFile> files) {
    Map<String, Manifest.DataFile> byName = new TreeMap<>();
    files.forEach(file -> byName.put(file.name(), file));
    return byName;
  }

  private static void compare(
      String name, Manifest.DataFile expected, Manifest.DataFile found, List<String> differences) {
    if (found == null) {
      differences.add(name + " is missing");
    } else if (!found.equals(expected)) {
      differences.add(
          String.format(
              Locale.ROOT,
              "%s has %,d bytes with SHA-256 %.12s, not %,d with %.12s",
              name,
              found.bytes(),
              found.sha256(),
              expected.bytes(),
              expected.sha256()));
    }
  }
}
