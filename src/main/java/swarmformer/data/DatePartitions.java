package swarmformer.data;

import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/**
 * The directories of an input in which a date may have rows, where directories such as {@code
 * day=2026-11-01} tell the date. Those of other dates are neither listed nor read.
 */
public final class DatePartitions {
  private static final String BASE_PATH = "basePath";

  private final SparkSession spark;
  private final TextSource source;
  private final DateFilter dates;
  private final Configuration hadoop;
  private final PathFilter filter;

  /**
   * A directory.
   *
   * @param values of the columns that its name and those above it tell
   */
  private record Partition(Path directory, Map<String, String> values) {
    private Partition below(Path child) {
      Map<String, String> all = new HashMap<>(values);
      all.putAll(valuesOf(child.getName()));
      return new Partition(child, all);
    }

    private static Partition of(Path base, Path directory) {
      URI relative = base.toUri().relativize(directory.toUri());
      return new Partition(directory, valuesOf(relative.getPath()));
    }
  }

  DatePartitions(SparkSession spark, TextSource source, DateFilter dates) {
    this.spark = spark;
    this.source = source;
    this.dates = dates;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.filter = InputPaths.filter(source);
  }

  /**
   * What the directories of a path tell, as {@code day=2026-11-01}; of two the inner one counts.
   */
  public static Map<String, String> valuesOf(String path) {
    Map<String, String> values = new HashMap<>();
    for (String name : path.split("/")) {
      String[] parts = name.split("=", 2);
      if (parts.length == 2) {
        values.put(
            ExternalCatalogUtils.unescapePathName(parts[0]),
            ExternalCatalogUtils.unescapePathName(parts[1]));
      }
    }
    return values;
  }

  /**
   * The source without directories of other dates, and the same with that of the nearest date that
   * has data, whose columns serve where the date has none. Directories without a date, or with one
   * that is not understood, are kept. Where no directory can be left out, there is none.
   */
  List<TextSource> narrowed() throws IOException {
    List<FileStatus> matches = InputPaths.matches(source, hadoop);
    boolean hasBase = ReadOptions.has(source.readerOptions(), BASE_PATH);
    if (ReadOptions.isTrue(source.readerOptions(), "recursiveFileLookup")
        || !matches.stream().allMatch(FileStatus::isDirectory)
        || (!hasBase && matches.size() > 1)) {
      return List.of();
    }
    Path base =
        hasBase
            ? new Path(ReadOptions.get(source.readerOptions(), BASE_PATH))
            : matches.get(0).getPath();
    Path qualified = base.getFileSystem(hadoop).makeQualified(base);
    return kept(partitions(qualified, matches)).stream()
        .map(
            kept ->
                source
                    .withPaths(kept.stream().sorted().map(Path::toString).toList())
                    .withReaderOption(BASE_PATH, qualified.toString()))
        .toList();
  }

  /**
   * The directories that tell the date, wherever they are; none if data lies beside them, or a log
   * says which files count.
   */
  private List<Partition> partitions(Path base, List<FileStatus> matches) throws IOException {
    List<Partition> level =
        matches.stream().map(match -> Partition.of(base, match.getPath())).toList();
    while (!level.isEmpty() && !level.stream().allMatch(this::tellsDate)) {
      List<Partition> below = new ArrayList<>();
      for (Partition partition : level) {
        Path directory = partition.directory();
        for (FileStatus child : directory.getFileSystem(hadoop).listStatus(directory)) {
          String name = child.getPath().getName();
          if (child.isDirectory() && name.indexOf('=') > 0 && !FileNames.isHidden(name)) {
            below.add(partition.below(child.getPath()));
          } else if (name.equals(InputFiles.STREAM_LOG)
              || (FileNames.isData(name)
                  && (child.isDirectory() || filter.accept(child.getPath())))) {
            return List.of();
          }
        }
      }
      level = below;
    }
    return level;
  }

  private boolean tellsDate(Partition partition) {
    return partition.values().keySet().containsAll(dates.columns());
  }

  private List<String> dateValues(Partition partition) {
    return dates.columns().stream().map(partition.values()::get).toList();
  }

  /** What may be read instead of all, each with more than the one before. */
  private List<List<Path>> kept(List<Partition> partitions) throws IOException {
    Map<List<String>, LocalDate> found =
        dates.ofPartitions(spark, partitions.stream().map(this::dateValues).toList());
    List<Path> kept = new ArrayList<>();
    Map<Path, LocalDate> others = new HashMap<>();
    for (Partition partition : partitions) {
      LocalDate date = found.get(dateValues(partition));
      if (date != null && !date.equals(dates.date())) {
        others.put(partition.directory(), date);
      } else if (holds(partition.directory(), file -> true)) {
        kept.add(partition.directory());
      }
    }
    List<List<Path>> parts = new ArrayList<>();
    if (!others.isEmpty() && holdsBytes(kept)) {
      parts.add(kept);
    }
    nearest(others)
        .ifPresent(path -> parts.add(Stream.concat(kept.stream(), Stream.of(path)).toList()));
    return parts;
  }

  private boolean holdsBytes(List<Path> directories) throws IOException {
    for (Path directory : directories) {
      if (holds(directory, file -> file.getLen() > 0)) {
        return true;
      }
    }
    return false;
  }

  /** One with data: the last before the date, or else the first after it. */
  private Optional<Path> nearest(Map<Path, LocalDate> others) throws IOException {
    Comparator<Path> byDate = Comparator.comparing(others::get);
    Stream<Path> before =
        others.keySet().stream()
            .filter(path -> others.get(path).isBefore(dates.date()))
            .sorted(byDate.reversed());
    Stream<Path> after =
        others.keySet().stream()
            .filter(path -> others.get(path).isAfter(dates.date()))
            .sorted(byDate);
    for (Path directory : Stream.concat(before, after).toList()) {
      if (holdsBytes(List.of(directory))) {
        return Optional.of(directory);
      }
    }
    return Optional.empty();
  }

  private boolean holds(Path directory, Predicate<FileStatus> wanted) throws IOException {
    RemoteIterator<LocatedFileStatus> files =
        directory.getFileSystem(hadoop).listFiles(directory, true);
    while (files.hasNext()) {
      FileStatus file = files.next();
      String relative = directory.toUri().relativize(file.getPath().toUri()).getPath();
      if (FileNames.isData(relative) && filter.accept(file.getPath()) && wanted.test(file)) {
        return true;
      }
    }
    return false;
  }
}
