package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import swarmformer.LocalSpark;
import swarmformer.errors.InputException;

/** An input as a user would describe it with options. */
public final class Source {
  private static final List<String> CLASS_NAMES = List.of("negative", "positive");

  private final List<String> paths;
  private final Map<String, String> options = new LinkedHashMap<>();
  private Optional<String> table = Optional.empty();
  private Optional<String> format = Optional.empty();
  private Optional<String> textColumn = Optional.empty();
  private Optional<String> idColumn = Optional.empty();
  private Optional<String> labelColumn = Optional.empty();
  private Optional<LabelMap> labelMap = Optional.empty();
  private Optional<String> idsColumn = Optional.empty();
  private List<String> keep = List.of();

  private Source(List<String> paths) {
    this.paths = paths;
  }

  /** Files, directories or globs. */
  public static Source of(Object... paths) {
    return new Source(Arrays.stream(paths).map(Object::toString).toList());
  }

  /** A table of the catalog. */
  public static Source table(String name) {
    Source source = new Source(List.of());
    source.table = Optional.of(name);
    return source;
  }

  Source format(String name) {
    format = Optional.of(name);
    return this;
  }

  /** With an option of the reader. */
  public Source option(String key, String value) {
    options.put(key, value);
    return this;
  }

  Source textColumn(String name) {
    textColumn = Optional.of(name);
    return this;
  }

  Source idColumn(String name) {
    idColumn = Optional.of(name);
    return this;
  }

  Source labelColumn(String name) {
    labelColumn = Optional.of(name);
    return this;
  }

  Source labelMap(String map) {
    labelMap = LabelMap.parse(map);
    return this;
  }

  /** With token ids to score instead of texts. */
  public Source idsColumn(String name) {
    idsColumn = Optional.of(name);
    return this;
  }

  /** With columns to carry along. */
  public Source keep(String... names) {
    keep = List.of(names);
    return this;
  }

  /** As programs take it. */
  public TextSource source() {
    return new TextSource(
        paths,
        table,
        format,
        options,
        textColumn,
        idColumn,
        labelColumn,
        labelMap,
        idsColumn,
        keep);
  }

  Texts read() {
    return Texts.read(LocalSpark.session(), source(), CLASS_NAMES);
  }

  /** All rows, in the order of the input. */
  List<Row> rows() {
    return read().rows().collectAsList();
  }

  /** The values of one column, in the order of the input. */
  List<Object> column(String name) {
    return rows().stream().map(row -> row.<Object>getAs(name)).toList();
  }

  /** What is scored, in the order of the input. */
  List<Object> texts() {
    return column(Texts.CONTENT);
  }

  /** The message of the refusal to read this, which must be one line for a person. */
  String refusal() {
    Throwable thrown = catchThrowable(() -> read().rows().collectAsList());
    assertThat(thrown).isNotNull();
    RuntimeException explained = Failures.ofReading(source().name(), thrown);
    assertThat(explained).isInstanceOf(InputException.class);
    assertThat(explained.getMessage()).doesNotContain("\n");
    return explained.getMessage();
  }
}
