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
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import swarmformer.errors.InputException;

/** Labels as people write them: class numbers, booleans or class names. */
final class Labels {
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
    if (map.isPresent()) {
      return map.get().toClass(column, classNames);
    }
    if (field.dataType() instanceof BooleanType) {
      return column.cast(DataTypes.IntegerType);
    }
    if (field.dataType() instanceof StringType) {
      return byName(lower(trim(column)), classNames);
    }
    return withinRange(column.cast(DataTypes.DoubleType), classNames.size());
  }

  /** Whether a label was given: a value that the map does not say to be of no class. */
  static Column isGiven(StructField field, Optional<LabelMap> map) {
    Column column = Columns.quoted(field.name());
    return map.map(it -> column.isNotNull().and(not(it.isOfNoClass(column))))
        .orElse(column.isNotNull());
  }

  private static Column byName(Column name, List<String> classNames) {
    Column number = withinRange(name.try_cast(DataTypes.DoubleType), classNames.size());
    Column result = null;
    for (Map.Entry<String, Integer> known : names(classNames).entrySet()) {
      Column matches = name.equalTo(known.getKey());
      result =
          result == null
              ? when(matches, lit(known.getValue()))
              : result.when(matches, lit(known.getValue()));
    }
    return result.otherwise(number);
  }

  /** Class names first: a model may call class 0 positive. */
  static Map<String, Integer> names(List<String> classNames) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (int i = 0; i < classNames.size(); i++) {
      names.put(classNames.get(i).toLowerCase(Locale.ROOT), i);
    }
    if (classNames.size() == 2) {
      names.putIfAbsent("negative", 0);
      names.putIfAbsent("positive", 1);
      names.putIfAbsent("neg", names.get("negative"));
      names.putIfAbsent("pos", names.get("positive"));
      names.putIfAbsent("false", 0);
      names.putIfAbsent("true", 1);
    }
    return names;
  }

  private static Column withinRange(Column number, int classes) {
    Column whole = number.try_cast(DataTypes.IntegerType);
    return when(number.geq(0).and(number.lt(classes)).and(number.equalTo(whole)), whole);
  }
}
