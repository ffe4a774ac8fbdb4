package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import swarmformer.store.NightStore;
import swarmformer.store.ParquetStore;
import swarmformer.store.TableFormat;
import swarmformer.store.TableStore;

/** Where the nights are. */
final class StoreOptions {
  private static final String PARQUET = "parquet";

  @Option(
      names = "--store",
      paramLabel = "DIR|TABLE",
      description = "Directory of the store; of Delta and Iceberg also the name of a table.")
  Optional<String> store;

  @Option(
      names = "--store-format",
      paramLabel = "FORMAT",
      defaultValue = PARQUET,
      description = "parquet, delta or iceberg. Default: ${DEFAULT-VALUE}.")
  String storeFormat;

  /** What clashes among the options, one sentence each. */
  List<String> clashes() {
    List<String> clashes = new ArrayList<>();
    if (store.isEmpty()) {
      clashes.add("Missing --store.");
    }
    if (!storeFormat.equalsIgnoreCase(PARQUET) && tableFormat().isEmpty()) {
      clashes.add("--store-format takes parquet, delta or iceberg, not '" + storeFormat + "'.");
    }
    return clashes;
  }

  /** What clashes with the table that is read, one sentence each. */
  List<String> clashesWith(Optional<String> input) {
    return isNamedTable() && input.filter(store.orElseThrow()::equalsIgnoreCase).isPresent()
        ? List.of("--table and --store exclude each other for one table: set --store to another.")
        : List.of();
  }

  /** What its format lacks on the class path; empty for nothing. */
  List<String> missing() {
    return tableFormat().filter(format -> !format.isAvailable()).map(TableFormat::advice).stream()
        .toList();
  }

  /** Whether the store is a table of a format, not plain files. */
  boolean isTable() {
    return tableFormat().isPresent();
  }

  /** Whether the store is a table of a catalog, which has no directory that is ours. */
  boolean isNamedTable() {
    return isTable() && store.filter(name -> !name.contains("/")).isPresent();
  }

  /** Settings that Spark needs from its start. */
  Map<String, String> settings() {
    return tableFormat().map(TableFormat::settings).orElse(Map.of());
  }

  NightStore open(SparkSession spark) {
    String place = store.orElseThrow();
    return tableFormat()
        .<NightStore>map(format -> new TableStore(spark, format, place))
        .orElseGet(() -> new ParquetStore(spark, place));
  }

  /** The table format; absent for Parquet. */
  private Optional<TableFormat> tableFormat() {
    for (TableFormat format : TableFormat.values()) {
      if (format.toString().equals(storeFormat.toLowerCase(Locale.ROOT))) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
