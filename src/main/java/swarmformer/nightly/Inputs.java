package swarmformer.nightly;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import swarmformer.data.DateFilter;
import swarmformer.data.DatePartitions;
import swarmformer.data.Failures;
import swarmformer.data.FileRelation;
import swarmformer.data.Secrets;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.store.Manifest;

/** Which files an input is made of. */
final class Inputs {
  /** More are in the listing's hash and sums alone. */
  private static final int MOST_FILES_NAMED = 100;

  private Inputs() {}

  /**
   * Lists the files that Spark would read for a night, in order. Where directories tell the date,
   * as in {@code day=2026-11-01}, files of other nights are none of them.
   *
   * @throws InputException if nothing can be told of one of them
   */
  static Manifest.Input list(SparkSession spark, Texts texts, Optional<DateFilter> dates) {
    List<Path> paths = FileRelation.paths(texts.rows());
    if (dates.isPresent() && FileRelation.arePartitionedBy(texts.rows(), dates.get().columns())) {
      paths = ofNight(spark, paths, dates.get());
    }
    List<Manifest.InputFile> files;
    try {
      files = describe(paths, spark.sparkContext().hadoopConfiguration());
    } catch (IOException e) {
      throw Failures.ofReading(texts.name(), e);
    }
    return new Manifest.Input(
        texts.name(),
        DigestUtils.sha256Hex(
            files.stream().map(Object::toString).collect(Collectors.joining("\n"))),
        files.stream().mapToLong(Manifest.InputFile::bytes).sum(),
        files.size(),
        files.stream().limit(MOST_FILES_NAMED).toList());
  }

  private static List<Path> ofNight(SparkSession spark, List<Path> paths, DateFilter dates) {
    Map<Path, List<String>> values = new LinkedHashMap<>();
    for (Path path : paths) {
      Map<String, String> partition = DatePartitions.valuesOf(path.getParent().toUri().getPath());
      if (!partition.keySet().containsAll(dates.columns())) {
        return paths;
      }
      values.put(path, dates.columns().stream().map(partition::get).toList());
    }
    Map<List<String>, LocalDate> found = dates.ofPartitions(spark, List.copyOf(values.values()));
    return paths.stream().filter(path -> dates.date().equals(found.get(values.get(path)))).toList();
  }

  /**
   * Sizes and times, by one listing of each directory that holds several and may be listed. Of a
   * table of Hive, Spark names the directory alone, whose time tells nothing of the files in it.
   */
  private static List<Manifest.InputFile> describe(List<Path> paths, Configuration hadoop)
      throws IOException {
    Map<Path, FileStatus> found = new TreeMap<>();
    Map<Path, Long> folders =
        paths.stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    for (Map.Entry<Path, Long> folder : folders.entrySet()) {
      if (folder.getValue() > 1) {
        list(folder.getKey(), hadoop).forEach(status -> found.put(status.getPath(), status));
      }
    }
    List<Manifest.InputFile> files = new ArrayList<>();
    for (Path path : paths) {
      FileStatus status =
          found.containsKey(path)
              ? found.get(path)
              : path.getFileSystem(hadoop).getFileStatus(path);
      if (status.isDirectory()) {
        return List.of();
      }
      files.add(
          new Manifest.InputFile(
              Secrets.without(path.toString()),
              status.getLen(),
              Instant.ofEpochMilli(status.getModificationTime()).toString()));
    }
    return files;
  }

  /** Nothing of a directory that may not be listed: who knows a name in it may read the file. */
  private static List<FileStatus> list(Path folder, Configuration hadoop) throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    try {
      return List.of(files.listStatus(folder));
    } catch (IOException e) {
      return List.of();
    }
  }
}
