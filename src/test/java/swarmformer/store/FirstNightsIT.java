package swarmformer.store;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.iceberg.spark.SparkCatalog;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;
import swarmformer.jobs.Nights;

/** Two nights that find no table yet. */
@Tag("long")
class FirstNightsIT {
  private static final LocalDate ONE = LocalDate.of(2026, 11, 1);
  private static final LocalDate TWO = LocalDate.of(2026, 11, 2);

  @TempDir private Path folder;

  /** Does something when a table was not found, before its caller hears of it. */
  public static final class SlowCatalog extends SparkCatalog {
    private static Optional<Callable<?>> meanwhile = Optional.empty();

    @Override
    public boolean tableExists(Identifier table) {
      boolean exists = super.tableExists(table);
      Optional<Callable<?>> now = meanwhile;
      meanwhile = Optional.empty();
      try {
        if (now.isPresent()) {
          now.get().call();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return exists;
    }
  }

  @BeforeEach
  @AfterEach
  void stopTheSparkOfOtherTests() {
    LocalSpark.session().stop();
  }

  @Test
  void areBothInATableOfIceberg() throws Exception {
    SparkSession spark = Nights.session("iceberg");
    spark.conf().set("spark.sql.catalog.slow", SlowCatalog.class.getName());
    spark.conf().set("spark.sql.catalog.slow.type", "hadoop");
    spark.conf().set("spark.sql.catalog.slow.warehouse", folder.toString());
    SlowCatalog.meanwhile = Optional.of(() -> commit(spark, TWO));
    commit(spark, ONE);
    assertThat(spark.table("slow.nights").orderBy("date").select("date").collectAsList())
        .extracting(row -> row.getDate(0).toLocalDate())
        .containsExactly(ONE, TWO);
  }

  private static LocalDate commit(SparkSession spark, LocalDate night) throws Exception {
    TableFormat.ICEBERG.replace(
        spark.range(1).withColumn("date", lit(Date.valueOf(night))),
        "slow.nights",
        night,
        Optional.empty());
    return night;
  }
}
