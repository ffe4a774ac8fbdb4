package swarmformer.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import swarmformer.data.LabelMap;
import swarmformer.data.TextSource;

/** What to read. */
final class InputOptions {
  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files, directories or globs to read.")
  List<String> input = new ArrayList<>();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "A table of Spark's catalog to read instead of --input.")
  Optional<String> table;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "parquet, orc, json, csv, text, documents, imdb or any Spark source, as jdbc. Default: by file name.")
  Optional<String> format;

  @Option(
      names = "--option",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Passed to the Spark reader, as in --option sep=;")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--text-col",
      paramLabel = "COL",
      description = "Column of the texts. Default: text.")
  Optional<String> textColumn;

  @Option(
      names = "--id-col",
      paramLabel = "COL",
      description = "Column of the ids. Default: id, or made from the content.")
  Optional<String> idColumn;

  @Option(
      names = "--label-col",
      paramLabel = "COL",
      description = "Column of the labels. Default: label, or none.")
  Optional<String> labelColumn;

  @Option(
      names = "--label-map",
      paramLabel = "MAP",
      description =
          "What the labels mean, as in 1-4=negative,5-6=,7-10=positive, where 5 and 6 count as no label.")
  Optional<String> labelMap;

  @Option(
      names = "--keep",
      split = ",",
      paramLabel = "COL",
      description = "Columns to keep in the predictions, or all.")
  List<String> keep = new ArrayList<>();

  @Option(
      names = "--ids-col",
      paramLabel = "COL",
      description =
          "Column of token ids, ARRAY<INT> or ARRAY<BIGINT>, special tokens included, not padded; scored instead of text.")
  Optional<String> idsColumn;

  /** Whether nothing to read was given: no path, no table, and no source that needs neither. */
  boolean isEmpty() {
    return input.isEmpty()
        && table.isEmpty()
        && format.filter(name -> !TextSource.isOfFiles(name)).isEmpty();
  }

  /** What clashes among the options, one sentence each. */
  List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (isEmpty()) {
      clashes.add("Missing --input (or --table).");
    }
    if (!input.isEmpty() && table.isPresent()) {
      clashes.add("--input and --table exclude each other.");
    }
    if (table.isPresent() && format.isPresent()) {
      clashes.add("--format goes with --input, not with --table.");
    }
    if (idsColumn.isPresent() && textColumn.isPresent()) {
      clashes.add("--ids-col and --text-col exclude each other.");
    }
    clashes.addAll(LabelOptions.clashesOf(labelMap));
    if (keep.contains(TextSource.ALL) && keep.size() > 1) {
      clashes.add("--keep takes column names or all, not both.");
    }
    return clashes;
  }

  /** A source with the whole addresses of its paths, as lineage calls them. */
  static TextSource qualified(TextSource source, SparkSession spark) {
    List<String> paths = new ArrayList<>();
    for (String name : source.paths()) {
      try {
        Path path = new Path(name);
        FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
        paths.add(files.makeQualified(path).toString());
      } catch (IOException | IllegalArgumentException e) {
        paths.add(name); // what reads it says what is wrong with it
      }
    }
    return source.withPaths(paths);
  }

  TextSource source() {
    return new TextSource(
        input,
        table,
        format,
        options,
        textColumn,
        idColumn,
        labelColumn,
        labelMap.flatMap(LabelMap::parse),
        idsColumn,
        keep);
  }
}
