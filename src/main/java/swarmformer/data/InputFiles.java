package swarmformer.data;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import swarmformer.errors.InputException;

/**
 * The files behind input paths, all of them: what a source then reads is compared with them, so
 * that no file is passed over in silence.
 */
final class InputFiles {
  /** Options that leave files out by their times. */
  private static final List<String> TIMES = List.of("modifiedBefore", "modifiedAfter");

  /** How many names a message tells. */
  private static final int MOST_NAMED = 3;

  /** Where a stream of Spark notes which files of a directory count. */
  static final String STREAM_LOG = "_spark_metadata";

  private final TextSource source;
  private final Configuration hadoop;
  private final List<FileStatus> matches;
  private final List<Listed> files;
  private final Set<Path> logged;

  /**
   * A file.
   *
   * @param status of the file
   * @param root the file or directory that was named
   * @param relative where it lies below that; empty for the root itself
   */
  record Listed(FileStatus status, Path root, String relative) {}

  private InputFiles(
      TextSource source,
      Configuration hadoop,
      List<FileStatus> matches,
      List<Listed> files,
      Set<Path> logged) {
    this.source = source;
    this.hadoop = hadoop;
    this.matches = matches;
    this.files = files;
    this.logged = logged;
  }

  /**
   * Finds what the paths and globs name, and lists all files in it.
   *
   * @throws InputException if a path names nothing, a directory holds no files, or what it holds
   *     cannot be read as files
   */
  static InputFiles find(TextSource source, Configuration hadoop) {
    List<FileStatus> matches = withoutNested(InputPaths.matches(source, hadoop), source);
    Map<Path, Listed> files = new LinkedHashMap<>();
    Set<Path> logged = new TreeSet<>();
    PathFilter filter = InputPaths.filter(source);
    for (FileStatus match : matches) {
      try {
        FileSystem system = match.getPath().getFileSystem(hadoop);
        if (system.getUri().getScheme().equals("file")) {
          LocalNames.check(java.nio.file.Path.of(match.getPath().toUri().getPath()), filter);
        }
        List<Listed> found =
            match.isDirectory()
                ? list(system, match.getPath(), filter, logged)
                : Stream.of(new Listed(match, match.getPath(), ""))
                    .filter(file -> filter.accept(match.getPath()))
                    .toList();
        found.forEach(file -> files.putIfAbsent(file.status().getPath(), file));
      } catch (IOException e) {
        throw Failures.ofReading(match.getPath().toString(), e);
      }
    }
    if (leavesOutByTime(source) && !files.keySet().stream().allMatch(FileNames::isCopied)) {
      files.keySet().removeIf(FileNames::isCopied);
    }
    files.keySet().forEach(FileNames::refuseCopied);
    if (files.isEmpty()) {
      throw new InputException(
          "Cannot read %s: pathGlobFilter leaves out all of its files. Check --option."
              .formatted(source.name()));
    }
    return new InputFiles(source, hadoop, matches, List.copyOf(files.values()), logged);
  }

  private static boolean leavesOutByTime(TextSource source) {
    return TIMES.stream().anyMatch(name -> ReadOptions.has(source.readerOptions(), name));
  }

  /** Leaves out what is read with a directory that is named, too: its rows would count twice. */
  private static List<FileStatus> withoutNested(List<FileStatus> matches, TextSource source) {
    Set<Path> folders = new HashSet<>();
    matches.stream().filter(FileStatus::isDirectory).forEach(match -> folders.add(match.getPath()));
    boolean recursive =
        ReadOptions.isTrue(source.readerOptions(), "recursiveFileLookup")
            || source.format().filter(DocumentFiles.DOCUMENTS::equalsIgnoreCase).isPresent();
    return matches.stream().filter(match -> !isReadWith(folders, match, recursive)).toList();
  }

  /** By itself, Spark reads directories below another only if one of them is a partition. */
  private static boolean isReadWith(Set<Path> folders, FileStatus match, boolean recursive) {
    String below = match.isDirectory() ? match.getPath().getName() : "";
    Path folder = match.getPath().getParent();
    while (folder != null && !FileNames.isHidden(below)) {
      if (folders.contains(folder) && (recursive || below.isEmpty() || below.contains("="))) {
        return true;
      }
      below = folder.getName() + "/" + below;
      folder = folder.getParent();
    }
    return false;
  }

  /** The files that a filter takes, without hidden ones. */
  private static List<Listed> list(
      FileSystem system, Path folder, PathFilter filter, Set<Path> logged) throws IOException {
    List<Listed> files = new ArrayList<>();
    List<Listed> hidden = new ArrayList<>();
    boolean holdsFiles = false;
    RemoteIterator<LocatedFileStatus> found = system.listFiles(folder, true);
    while (found.hasNext()) {
      FileStatus status = found.next();
      String relative = folder.toUri().relativize(status.getPath().toUri()).getPath();
      Listed file = new Listed(status, folder, relative);
      TableFolders.ofLog(relative).ifPresent(table -> logged.add(new Path(folder + "/" + table)));
      boolean isHidden = FileNames.isHidden(relative);
      holdsFiles |= !isHidden;
      if (filter.accept(status.getPath()) && !FileNames.isHidden(FileNames.directoryOf(relative))) {
        (isHidden ? hidden : files).add(file);
      }
    }
    refuseHidden(folder, hidden, files);
    if (!holdsFiles) {
      throw new InputException(
          "Cannot read " + folder + ": the directory holds no files. Check the path.");
    }
    files.sort(Comparator.comparing(Listed::relative));
    return files;
  }

  /**
   * Markers and the like are hidden with reason; what is named as the data beside it is not, nor
   * what is named as data if there is no other.
   */
  private static void refuseHidden(Path folder, List<Listed> hidden, List<Listed> files) {
    Set<String> formats = new HashSet<>();
    files.forEach(file -> formats.add(FileNames.formatOf(file.status().getPath().getName())));
    formats.remove("");
    List<Listed> data =
        hidden.stream()
            .filter(file -> FileNames.isData(file.relative()))
            .filter(
                file ->
                    files.isEmpty()
                        || formats.contains(FileNames.formatOf(file.status().getPath().getName())))
            .toList();
    if (!data.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: Spark passes over names that begin with '_' or '.', here %d of %d files: %s. Rename or move them.",
              folder,
              data.size(),
              data.size() + files.size(),
              named(data)));
    }
  }

  /** What was found, as Spark's readers take it: globs no longer. */
  String[] paths() {
    return matches.stream().map(match -> InputPaths.quoted(match.getPath())).toArray(String[]::new);
  }

  /** What messages call them. */
  String name() {
    return source.name();
  }

  /** What was found: files and directories. */
  List<FileStatus> matches() {
    return matches;
  }

  /** Directories in it that hold the log of a table or stream. */
  Set<Path> logged() {
    return logged;
  }

  /** All files in it, without hidden ones. */
  List<Listed> all() {
    return files;
  }

  /** All files in it, without hidden ones. */
  List<FileStatus> statuses() {
    return files.stream().map(Listed::status).toList();
  }

  /** Columns that the names of directories give, as {@code day} in {@code day=01/a.csv}. */
  List<String> partitionColumns() {
    if (ReadOptions.isTrue(source.readerOptions(), "recursiveFileLookup")) {
      return List.of();
    }
    return partitionColumns(files.get(0));
  }

  /** Whether the directories tell the values of a column: what files have of it is not read. */
  boolean isPartition(String column) {
    return partitionColumns().stream().anyMatch(column::equalsIgnoreCase);
  }

  private List<String> partitionColumns(Listed file) {
    return Arrays.stream(belowBase(file).split("/"))
        .filter(part -> part.indexOf('=') > 0)
        .map(part -> part.substring(0, part.indexOf('=')))
        .toList();
  }

  /** Spark passes over files that lie beside the directories of partitions. */
  void refuseMixedPartitions() {
    List<String> columns = partitionColumns();
    if (ReadOptions.isTrue(source.readerOptions(), "recursiveFileLookup")) {
      return;
    }
    List<Listed> others =
        files.stream().filter(file -> !partitionColumns(file).equals(columns)).toList();
    if (!others.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: its files are in directories of different partitions (%s, and %s): Spark would pass over some of them. Name the directories one by one, or set --option recursiveFileLookup=true.",
              name(),
              files.get(0).relative(),
              named(others)));
    }
  }

  /** The directory of a file below what tells partitions, with its slash unless it is empty. */
  String belowBase(Listed file) {
    String base = ReadOptions.get(source.readerOptions(), "basePath");
    if (base.isEmpty()) {
      return FileNames.directoryOf(file.relative());
    }
    try {
      Path path = new Path(base);
      URI folder = path.getFileSystem(hadoop).makeQualified(path).toUri();
      String below = folder.relativize(file.status().getPath().getParent().toUri()).getPath();
      return below.isEmpty() ? below : below + "/";
    } catch (IOException e) {
      throw Failures.ofReading(base, e);
    }
  }

  /** Adds the columns of partitions as the text that they are: a number would lose its zeros. */
  StructType withPartitions(StructType columns) {
    StructType all = columns;
    for (String name : partitionColumns()) {
      all = all.add(name, DataTypes.StringType);
    }
    return all;
  }

  /**
   * Names the format of all files by their names.
   *
   * @throws InputException if one tells none, or they tell several
   */
  String format() {
    if (DocumentFiles.areImdb(this)) {
      return DocumentFiles.IMDB;
    }
    TreeSet<String> formats = new TreeSet<>();
    for (Listed file : files) {
      formats.add(FileNames.knownFormat(file.status().getPath()));
    }
    if (formats.size() > 1) {
      throw new InputException(
          "Cannot read files of different formats in one run: "
              + String.join(", ", formats)
              + ". Run once for each.");
    }
    return formats.first();
  }

  /**
   * Compares what a source reads with what there is, unless files are left out on purpose.
   *
   * @param wanted the files that it has to read
   * @throws InputException if some are passed over
   */
  void checkAllRead(Dataset<Row> rows, List<Listed> wanted) {
    Set<Path> read = read(rows);
    List<Listed> missed =
        wanted.stream().filter(file -> !read.contains(file.status().getPath())).toList();
    boolean filtered =
        leavesOutByTime(source) || ReadOptions.has(source.readerOptions(), "pathGlobFilter");
    if (!filtered && !missed.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: Spark passes over %d of its %d files, in directories below: %s. Set --option recursiveFileLookup=true, or name the directories.",
              name(),
              missed.size(),
              wanted.size(),
              named(missed)));
    }
  }

  /** The files that rows are read from, be they empty. */
  static Set<Path> read(Dataset<Row> rows) {
    return Stream.of(rows.inputFiles())
        .map(file -> new Path(URI.create(file)))
        .collect(Collectors.toSet());
  }

  /** Whether a directory is all of the input. */
  boolean isOnly(Path folder) {
    return matches.size() == 1 && matches.get(0).getPath().equals(folder);
  }

  /**
   * Leaves out what a stream of Spark did not commit, of tries that failed: readers pass over it.
   *
   * @throws InputException if it has committed nothing
   */
  InputFiles committed(SparkSession spark) throws IOException {
    Path log = new Path(matches.get(0).getPath(), STREAM_LOG);
    if (!matches.get(0).isDirectory() || !log.getFileSystem(hadoop).exists(log)) {
      return this;
    }
    Set<Path> read = read(spark.read().option("recursiveFileLookup", "true").text(paths()));
    List<Listed> committed =
        files.stream().filter(file -> read.contains(file.status().getPath())).toList();
    if (committed.isEmpty()) {
      throw new InputException(
          "Cannot read %s: the stream that writes it has committed no file. Wait for its first batch."
              .formatted(name()));
    }
    return new InputFiles(source, hadoop, matches, committed, logged);
  }

  /** Some of their names. */
  static String named(List<Listed> files) {
    List<String> names =
        files.stream()
            .limit(MOST_NAMED)
            .map(file -> file.relative().isEmpty() ? file.root().getName() : file.relative())
            .toList();
    return String.join(", ", names) + (files.size() > MOST_NAMED ? ", ..." : "");
  }
}
