package swarmformer.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Names, types and values side by side: one row of a data set, or one object of JSON. */
public final class Fields {
  private final List<Object> values = new ArrayList<>();
  private StructType schema = new StructType();

  /** Adds a value of any type; null where there is none. */
  void add(String name, DataType type, Object value) {
    schema = schema.add(name, type);
    values.add(value);
  }

  void text(String name, String value) {
    add(name, DataTypes.StringType, value);
  }

  void count(String name, Long value) {
    add(name, DataTypes.LongType, value);
  }

  void number(String name, Double value) {
    add(name, DataTypes.DoubleType, value);
  }

  /** A data set of one row. */
  public Dataset<Row> toDataset(SparkSession spark) {
    return spark.createDataFrame(List.of(RowFactory.create(values.toArray())), schema);
  }

  /** Values by name, in order. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      map.put(schema.fieldNames()[i], values.get(i));
    }
    return map;
  }
}
