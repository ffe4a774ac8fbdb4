package swarmformer.data;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import swarmformer.errors.InputException;

/** Labels as people write them: class numbers, booleans or class names. */
final class Labels {
  private static final Set<String> NEGATIVE = Set.of("negative", "neg", "false");
  private static final Set<String> POSITIVE = Set.of("positive", "pos", "true");
  private static final Set<String> BOOLEANS = Set.of("false", "true");
  private static final Pattern NAMELESS =
      Pattern.compile("((label|class)[ _-]?)?[01]", Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private Labels() {}

  /**
   * Checks that a column can hold labels.
   *
   * @throws InputException if it is neither numbers, booleans nor strings
   */
  static void checkType(StructField field, String source) {
    boolean known =
        field.dataType() instanceof NumericType
            || field.dataType() instanceof BooleanType
            || field.dataType() instanceof StringType;
    if (!known) {
      throw new InputException(
          "Cannot read labels from %s: column '%s' is %s, not a number, BOOLEAN or STRING. Set --label-col."
              .formatted(source, field.name(), field.dataType().sql()));
    }
  }

  /**
   * The class number of each label (INT), null where it is null or not recognised.
   *
   * @param map what the values mean, instead of the usual meaning
   */
  static Column toClass(StructField field, Optional<LabelMap> map, List<String> classNames) {
    Column column = Columns.quoted(field.name());
    return map.map(it -> it.toClass(column, classNames))
        .orElseGet(() -> byName(column, classNames));
  }

  /** Whether a label was given: a value that the map does not say to be of no class. */
  static Column isGiven(StructField field, Optional<LabelMap> map) {
    Column column = Columns.quoted(field.name());
    return map.map(it -> column.isNotNull().and(not(it.isOfNoClass(column))))
        .orElse(column.isNotNull());
  }

  private static Column byName(Column label, List<String> classNames) {
    Column name = lower(trim(label.cast(DataTypes.StringType)));
    Column number = name.try_cast(DataTypes.DoubleType);
    Column result = when(name.isNull(), lit(null).cast(DataTypes.IntegerType));
    for (Map.Entry<String, Integer> known : names(classNames).entrySet()) {
      result = result.when(name.equalTo(known.getKey()), lit(known.getValue()));
    }
    if (!hasNumbers(classNames)) {
      return result.otherwise(withinRange(number, classNames.size()));
    }
    for (int i = 0; i < classNames.size(); i++) {
      if (isNumber(classNames.get(i))) {
        result = result.when(number.equalTo(Double.parseDouble(classNames.get(i))), lit(i));
      }
    }
    return result;
  }

  /** Whether a class is called by a number, so that numbers are names, not positions. */
  static boolean hasNumbers(List<String> classNames) {
    return classNames.stream().anyMatch(Labels::isNumber);
  }

  private static boolean isNumber(String name) {
    return NUMBER.matcher(name).matches();
  }

  /**
   * What a label may be called, in lower case: the names of the classes, and other words for {@code
   * positive} and {@code negative} where the names say which class that is. Two classes whose names
   * say nothing, as {@code LABEL_0}, are negative and positive.
   */
  static Map<String, Integer> names(List<String> classNames) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (int i = 0; i < classNames.size(); i++) {
      names.put(classNames.get(i).toLowerCase(Locale.ROOT), i);
    }
    boolean two = classNames.size() == 2;
    boolean nameless =
        two && classNames.stream().allMatch(name -> NAMELESS.matcher(name).matches());
    List<Set<String>> words = List.of(NEGATIVE, POSITIVE);
    boolean none = words.stream().noneMatch(each -> indexOf(each, names).isPresent());
    for (int i = 0; i < words.size(); i++) {
      Optional<Integer> named = indexOf(words.get(i), names);
      for (String word : words.get(i)) {
        named.ifPresent(index -> names.putIfAbsent(word, index));
        if (nameless || (two && none && BOOLEANS.contains(word))) {
          names.putIfAbsent(word, i);
        }
      }
    }
    return names;
  }

  private static Optional<Integer> indexOf(Set<String> words, Map<String, Integer> names) {
    return words.stream().filter(names::containsKey).map(names::get).findFirst();
  }

  private static Column withinRange(Column number, int classes) {
    Column whole = number.try_cast(DataTypes.IntegerType);
    return when(number.geq(0).and(number.lt(classes)).and(number.equalTo(whole)), whole);
  }
}
