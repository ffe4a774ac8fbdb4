package swarmformer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

class ParquetStoreIT {
  @TempDir private Path folder;

  /** It would make text of the dates. */
  @Test
  void passesOverACopyOfANight() {
    SparkSession spark = LocalSpark.session();
    for (String night : List.of("2026-11-01", "2026-11-01.bak")) {
      spark.range(1).write().parquet(folder.resolve("predictions/date=" + night).toString());
    }
    ParquetStore store = new ParquetStore(spark, folder.toString());
    assertThat(store.dates()).containsExactly(LocalDate.of(2026, 11, 1));
    Dataset<Row> rows = store.rows().orElseThrow();
    assertThat(rows.schema().apply("date").dataType()).isEqualTo(DataTypes.DateType);
    assertThat(rows.count()).isEqualTo(1);
  }
}
