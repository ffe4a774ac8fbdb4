package swarmformer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.LocalSpark;
import swarmformer.errors.OutputException;

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

  /** Its directories of dates have the names of nights. */
  @ParameterizedTest
  @CsvSource({"_delta_log, Delta, delta", "metadata/v1.gz.metadata.json, Iceberg, iceberg"})
  void refusesATable(String log, String title, String format) throws IOException {
    Path predictions = folder.resolve("predictions");
    Files.createDirectories(predictions.resolve("date=2026-11-01"));
    Files.createDirectories(predictions.resolve(log));
    assertThatThrownBy(() -> new ParquetStore(LocalSpark.session(), folder.toString()))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot use file:%s as a store of parquet: it is a table of %s. Set --store-format %s, or another --store.",
            folder, title, format);
  }
}
