package swarmformer.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import swarmformer.data.LabelMap;
import swarmformer.data.TextSource;

/** Where labels are that came after nights were scored. */
final class LabelOptions {
  @Option(
      names = "--labels",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Files of labels, by which the page tells the accuracy of the nights. Rows are found by --id-col, or by their texts where texts were scored without ids.")
  List<String> labels = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Of the labels: parquet, orc, json, csv or any Spark source. By file name.")
  Optional<String> format;

  @Option(
      names = "--option",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Passed to the Spark reader of the labels, as in --option sep=;")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--id-col",
      paramLabel = "COL",
      description = "Column of the ids of the labels. Default: id.")
  Optional<String> idColumn;

  @Option(
      names = "--label-col",
      paramLabel = "COL",
      description = "Column of the labels. Default: label.")
  Optional<String> labelColumn;

  @Option(
      names = "--label-map",
      paramLabel = "MAP",
      description =
          "What the labels mean, as in 1-4=negative,5-6=,7-10=positive, where 5 and 6 count as no label.")
  Optional<String> labelMap;

  /** What clashes among the options, one sentence each. */
  List<String> clashes() {
    List<String> clashes = new ArrayList<>(clashesOf(labelMap));
    boolean described =
        format.isPresent()
            || !options.isEmpty()
            || idColumn.isPresent()
            || labelColumn.isPresent()
            || labelMap.isPresent();
    if (labels.isEmpty() && described) {
      clashes.add(
          "Missing --labels: --format, --option, --id-col, --label-col and --label-map say how to read them.");
    }
    return clashes;
  }

  /** What is wrong with a map of labels. */
  static List<String> clashesOf(Optional<String> labelMap) {
    return labelMap.isPresent() && labelMap.flatMap(LabelMap::parse).isEmpty()
        ? List.of(
            "--label-map takes VALUE=CLASS,..., FROM-TO=CLASS,... or VALUE= for no label, not '"
                + labelMap.get()
                + "'.")
        : List.of();
  }

  /** The labels; absent if none were given. */
  Optional<TextSource> source() {
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TextSource(
                labels,
                Optional.empty(),
                format,
                options,
                Optional.empty(),
                idColumn,
                labelColumn,
                labelMap.flatMap(LabelMap::parse),
                Optional.empty(),
                List.of()));
  }
}
