package swarmformer.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import swarmformer.errors.InputException;

/**
 * What the values of a label column mean, as in {@code 1-4=negative,5-6=,7-10=positive}. A value of
 * no class is as if there were no label. Values that the map does not name are not recognised.
 *
 * @param text as it was given
 * @param entries in order; of several that name a value the first counts
 */
public record LabelMap(String text, List<Entry> entries) {
  private static final Pattern ENTRY = Pattern.compile("\\s*([^=,]+?)\\s*=\\s*([^=,]*?)\\s*");

  /** Both ends may be negative or have decimals. */
  private static final Pattern RANGE =
      Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*-\\s*(-?\\d+(?:\\.\\d+)?)");

  /**
   * Values of one class.
   *
   * @param value a value, upper and lower case alike, or a range of numbers with both its ends
   * @param className a class of the model, or its number; empty for none
   */
  public record Entry(String value, String className) {
    private Column matches(Column label) {
      Matcher range = RANGE.matcher(value);
      Column number = label.try_cast(DataTypes.DoubleType);
      if (range.matches()) {
        return number.between(
            Double.parseDouble(range.group(1)), Double.parseDouble(range.group(2)));
      }
      Column same = lower(trim(label)).equalTo(value.toLowerCase(Locale.ROOT));
      return value.matches("-?\\d+(\\.\\d+)?")
          ? same.or(number.equalTo(Double.parseDouble(value)))
          : same;
    }
  }

  /** Reads a map; empty if it is not of the form {@code VALUE=CLASS,FROM-TO=CLASS,VALUE=}. */
  public static Optional<LabelMap> parse(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher entry = ENTRY.matcher(part);
      if (!entry.matches()) {
        return Optional.empty();
      }
      entries.add(new Entry(entry.group(1), entry.group(2)));
    }
    return Optional.of(new LabelMap(text, List.copyOf(entries)));
  }

  /**
   * Checks a map for several models.
   *
   * @param classNames of each
   * @throws InputException if the map names a class that none of them has
   */
  public void check(Collection<List<String>> classNames) {
    for (Entry entry : entries) {
      if (!entry.className().isEmpty()
          && classNames.stream().noneMatch(names -> find(entry.className(), names).isPresent())) {
        throw noClass(
            entry.className(), classNames.stream().flatMap(List::stream).distinct().toList());
      }
    }
  }

  /**
   * The same without entries of classes that a model does not have; empty if it names classes, and
   * none of that model.
   */
  public Optional<LabelMap> within(List<String> classNames) {
    List<Entry> own =
        entries.stream()
            .filter(
                entry ->
                    entry.className().isEmpty() || find(entry.className(), classNames).isPresent())
            .toList();
    boolean namesNone = own.stream().allMatch(entry -> entry.className().isEmpty());
    return namesNone && own.size() < entries.size()
        ? Optional.empty()
        : Optional.of(new LabelMap(text, own));
  }

  /**
   * The class number of each label (INT), null where the map does not name it or names no class.
   *
   * @throws InputException if the map names a class that the model does not have
   */
  Column toClass(Column label, List<String> classNames) {
    return byEntry(
        label,
        entry ->
            entry.className().isEmpty()
                ? lit(null).cast(DataTypes.IntegerType)
                : lit(classOf(entry.className(), classNames)));
  }

  /** Whether the map says that a label is of no class (BOOLEAN, never null). */
  Column isOfNoClass(Column label) {
    return coalesce(byEntry(label, entry -> lit(entry.className().isEmpty())), lit(false));
  }

  /** What the first entry that names a label says; null where none does. */
  private Column byEntry(Column label, Function<Entry, Column> says) {
    Column text = label.cast(DataTypes.StringType);
    Column result = null;
    for (Entry entry : entries) {
      Column matches = entry.matches(text);
      Column value = says.apply(entry);
      result = result == null ? when(matches, value) : result.when(matches, value);
    }
    return result;
  }

  private int classOf(String name, List<String> classNames) {
    return find(name, classNames).orElseThrow(() -> noClass(name, classNames));
  }

  private static Optional<Integer> find(String name, List<String> classNames) {
    Integer known = Labels.names(classNames).get(name.toLowerCase(Locale.ROOT));
    if (known != null) {
      return Optional.of(known);
    }
    for (int i = 0; i < classNames.size(); i++) {
      if (name.equals(Integer.toString(i)) && !Labels.hasNumbers(classNames)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private InputException noClass(String name, List<String> classNames) {
    return new InputException(
        "Cannot map labels to '%s': the classes of the model are %s. Fix --label-map %s."
            .formatted(name, String.join(", ", classNames), text));
  }
}
