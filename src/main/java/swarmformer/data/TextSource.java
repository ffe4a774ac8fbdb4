package swarmformer.data;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a user asked to read.
 *
 * @param paths files, directories or globs; empty when a table is read, or a source that is no
 *     files
 * @param table a table of Spark's catalog, read instead of paths
 * @param format a Spark source, {@code imdb} or {@code documents}; by file name when absent
 * @param readerOptions handed to the Spark reader, after our defaults
 * @param textColumn the texts; {@code text} when absent
 * @param idColumn the ids; {@code id} when absent, made from the content when there is no such
 *     column
 * @param labelColumn the labels; {@code label} when absent, none when there is no such column
 * @param labelMap what the labels mean; class numbers, booleans or names when absent
 * @param idsColumn token ids to score instead of texts
 * @param keep columns to carry into the predictions, or just {@code all}
 * @param inspected columns that are not carried and tell dates or groups, in any case
 */
public record TextSource(
    List<String> paths,
    Optional<String> table,
    Optional<String> format,
    Map<String, String> readerOptions,
    Optional<String> textColumn,
    Optional<String> idColumn,
    Optional<String> labelColumn,
    Optional<LabelMap> labelMap,
    Optional<String> idsColumn,
    List<String> keep,
    List<String> inspected) {
  /** Options of files have one name each, of those that Spark knows. */
  public TextSource {
    if (format.isEmpty() || isOfFiles(format.get())) {
      readerOptions = ReadOptions.withoutAliases(readerOptions);
    }
  }

  /** As options say it. */
  public TextSource(
      List<String> paths,
      Optional<String> table,
      Optional<String> format,
      Map<String, String> readerOptions,
      Optional<String> textColumn,
      Optional<String> idColumn,
      Optional<String> labelColumn,
      Optional<LabelMap> labelMap,
      Optional<String> idsColumn,
      List<String> keep) {
    this(
        paths,
        table,
        format,
        readerOptions,
        textColumn,
        idColumn,
        labelColumn,
        labelMap,
        idsColumn,
        keep,
        List.of());
  }

  /** The word for {@code keep} that stands for all columns. */
  public static final String ALL = "all";

  /** The column that is scored: token ids, or texts. */
  public String contentName() {
    return idsColumn.orElseGet(this::textName);
  }

  /** The column of texts. */
  String textName() {
    return textColumn.orElse("text");
  }

  /** The column of ids, where there is one. */
  String idName() {
    return idColumn.orElse("id");
  }

  /** The column of labels, where there is one. */
  public String labelName() {
    return labelColumn.orElse("label");
  }

  /** Whether all columns are carried into the predictions. */
  boolean keepsAll() {
    return keep.equals(List.of(ALL));
  }

  /** Whether somebody asks for a column: it is scored, carried or identifies a row. */
  boolean names(String column) {
    return keepsAll()
        || keep.contains(column)
        || List.of(contentName(), idName(), labelName()).contains(column);
  }

  /** Whether a column is looked at beside those that are named. */
  boolean inspects(String column) {
    return inspected.stream().anyMatch(column::equalsIgnoreCase);
  }

  /** What messages and records call the source: its paths without secrets. */
  public String name() {
    return table.orElseGet(
        () ->
            paths.isEmpty()
                ? format.orElseThrow()
                : String.join(", ", paths.stream().map(Secrets::without).toList()));
  }

  /** Files of a format, read as they are without further options. */
  public static TextSource of(String path, String format) {
    return new TextSource(
        List.of(path),
        Optional.empty(),
        Optional.of(format),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The same with other paths. */
  public TextSource withPaths(List<String> others) {
    return with(others, readerOptions, labelMap, keep, inspected);
  }

  /** The same that carries other columns. */
  public TextSource withKeep(List<String> columns) {
    return with(paths, readerOptions, labelMap, columns, inspected);
  }

  /** The same that is read for other columns, too, which are not carried. */
  public TextSource withInspected(List<String> columns) {
    return with(paths, readerOptions, labelMap, keep, columns);
  }

  /** The same with another option of the reader. */
  TextSource withReaderOption(String name, String value) {
    Map<String, String> options = new HashMap<>(readerOptions);
    ReadOptions.addTo(options, Map.of(name, value));
    return with(paths, options, labelMap, keep, inspected);
  }

  /** The same whose labels mean something else. */
  public TextSource withLabelMap(Optional<LabelMap> other) {
    return with(paths, readerOptions, other, keep, inspected);
  }

  private TextSource with(
      List<String> others,
      Map<String, String> options,
      Optional<LabelMap> meanings,
      List<String> carried,
      List<String> lookedAt) {
    return new TextSource(
        others,
        table,
        format,
        options,
        textColumn,
        idColumn,
        labelColumn,
        meanings,
        idsColumn,
        carried,
        lookedAt);
  }

  /** Whether a format is one of files, which need paths. */
  public static boolean isOfFiles(String format) {
    return Reader.OF_FILES.contains(format.toLowerCase(Locale.ROOT));
  }
}
