package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.PythonUserDefinedType;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.util.FloatComparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.data.ObjectStore;
import swarmformer.jobs.Script;

/** The SQL function, in a Spark of its own that has the extension. */
class SqlFunctionIT {
  /** Probabilities depend on their batch: the order of sums changes logits by up to 1e-5. */
  private static final RecursiveComparisonConfiguration WITHIN_ORDER_OF_SUMS =
      RecursiveComparisonConfiguration.builder()
          .withComparatorForType(new FloatComparator(5e-6f), Float.class)
          .build();

  @TempDir private static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void open() {
    LocalSpark.session().stop();
    spark = Extended.session(folder);
    Samples.read(spark).where("id < 'r060'").createOrReplaceTempView("samples");
    Samples.texts(spark, "Wonderful!", "a dull film")
        .selectExpr("length(text) AS id", "text")
        .createOrReplaceTempView("local");
    spark.table("samples").repartition(6).write().saveAsTable("six_files");
    spark.sql(
        "CREATE TABLE latin USING parquet AS SELECT id, text, CAST(unhex(concat('E9', substr(id, 2), '0')) AS STRING) AS name FROM samples");
    spark.sql(
        "CREATE TABLE repeated USING parquet AS SELECT id, text, label, n FROM samples LATERAL VIEW explode(array(1, 2, 3)) AS n WHERE id < 'r010'");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<Row> rows(String query) {
    return spark.sql(query).collectAsList();
  }

  @Test
  void givesNullForNullAndForWhatCannotBeScored() {
    assertThat(
            rows("SELECT swarmformer(NULL), swarmformer(CAST(NULL AS STRING)), swarmformer(' ')"))
        .extracting(Row::toString)
        .containsExactly("[null,null,null]");
  }

  @Test
  void isUsedInViewsFiltersAndConstants() {
    spark.sql(
        "CREATE TEMPORARY VIEW scored AS SELECT id, swarmformer(text) AS s FROM samples LIMIT 30");
    assertThat(rows("SELECT DISTINCT s.sentiment FROM scored WHERE s.prediction = 1"))
        .extracting(Row::toString)
        .containsExactly("[positive]");
    assertThat(rows("SELECT swarmformer('A wonderful film.').sentiment"))
        .extracting(Row::toString)
        .containsExactly("[positive]");
    assertThat(
            rows("SELECT swarmformer(t).sentiment FROM VALUES ('Dreadful.'), ('Wonderful!') v(t)"))
        .extracting(Row::toString)
        .containsExactly("[negative]", "[positive]");
    assertThat(rows("SELECT swarmformer(text).sentiment s, count(*) FROM samples GROUP BY s"))
        .extracting(row -> row.getString(0))
        .contains("negative", "positive");
  }

  @Test
  void isUsedBesideColumnsThatPythonAloneKnows() {
    DataType ofPython = new PythonUserDefinedType(DataTypes.LongType, "own.Type", "");
    StructType schema =
        new StructType()
            .add("text", DataTypes.StringType)
            .add("own", ofPython)
            .add("inner", new StructType().add("own", ofPython));
    spark
        .createDataFrame(
            List.of(RowFactory.create("Wonderful!", 7L, RowFactory.create(8L))), schema)
        .createOrReplaceTempView("of_python");
    for (String column : List.of("own", "inner")) {
      String query =
          "SELECT %s, swarmformer(text).sentiment FROM of_python WHERE swarmformer(text).prediction = 1 ORDER BY 2"
              .formatted(column);
      assertThat(spark.sql(query).queryExecution().executedPlan().executeCollect())
          .extracting(row -> row.getUTF8String(1).toString())
          .containsExactly("positive");
    }
  }

  @Test
  void isUsedInAPermanentView() {
    spark.sql("CREATE TABLE reviews USING parquet AS SELECT 'Wonderful!' AS text");
    spark.sql(
        "CREATE VIEW lasting AS SELECT swarmformer(text).sentiment AS sentiment FROM reviews");
    assertThat(rows("SELECT * FROM lasting"))
        .extracting(Row::toString)
        .containsExactly("[positive]");
  }

  @Test
  void takesAModel() {
    String folderOfModel = Script.projectHome().resolve("models/small-imdb").toString();
    String query =
        "SELECT swarmformer(text, concat('%s', '')).sentiment FROM samples WHERE id = 'r001'";
    assertThat(rows(query.formatted(folderOfModel)).get(0).getString(0)).isEqualTo("negative");
    assertThat(rows(query.formatted("small-imdb")).get(0).getString(0)).isEqualTo("negative");
    String small = Golden.file("tiny/a").toAbsolutePath().toString();
    for (String call : List.of("swarmformer(text, '%s')", "swarmformer('a film', '%s')")) {
      String failing = "SELECT " + call.formatted(small) + " FROM samples WHERE id = 'r001'";
      assertThatThrownBy(() -> rows(failing))
          .as(failing)
          .hasStackTraceContaining("Cannot score a text: ids outside the vocabulary");
    }
  }

  @Test
  void readsAModelWithTheSettingsOfTheSession() {
    SparkSession other = spark.newSession();
    other.conf().set("fs.store.impl", ObjectStore.class.getName());
    String model = ObjectStore.SCHEME + ":" + Golden.file("tiny/a").toAbsolutePath();
    String query = "SELECT swarmformer(CAST(NULL AS STRING), '%s')".formatted(model);
    assertThat(other.sql(query).head().isNullAt(0)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, swarmformer(text) FROM samples",
        "SELECT swarmformer(text).prediction FROM samples",
        "SELECT id, text, s.sentiment, s.probabilities[1] FROM (SELECT *, swarmformer(text) s FROM samples)",
        "SELECT id FROM samples WHERE swarmformer(text).prediction = 1",
        "SELECT id, swarmformer(text).sentiment FROM samples WHERE id > 'r020' AND swarmformer(text).prediction = 1",
        "SELECT count(*), max(swarmformer(text).prediction) FROM samples WHERE swarmformer(text).prediction = 1",
        "SELECT swarmformer(text).sentiment s, count(*) FROM samples GROUP BY s",
        "SELECT a.id, b.id, swarmformer(a.text) FROM samples a JOIN samples b ON a.id = b.id AND swarmformer(b.text).prediction = 1",
        "SELECT id FROM (SELECT * FROM samples WHERE swarmformer(text).prediction = 0) ORDER BY id",
        "SELECT id, swarmformer(text) FROM samples ORDER BY id LIMIT 3",
        "SELECT swarmformer(concat(text, '!')), swarmformer(text, 'small-imdb'), swarmformer(text) FROM samples",
        "SELECT id, CASE WHEN id < 'r010' THEN swarmformer(text).sentiment END FROM samples",
        "SELECT transform(array(text), t -> swarmformer(t).sentiment) AS s FROM samples",
        "SELECT id, CASE WHEN swarmformer(text).prediction = 1 THEN id ELSE swarmformer(text).sentiment END, coalesce(swarmformer(text).sentiment, 'none') FROM samples",
        "SELECT transform(swarmformer(text).probabilities, p -> p > 0.5) AS s FROM samples",
        "SELECT swarmformer(swarmformer(text).sentiment).prediction FROM samples",
        "SELECT input_file_name(), swarmformer(text) FROM six_files",
        "SELECT input_file_name(), id FROM six_files WHERE swarmformer(text).prediction = 1",
        "SELECT input_file_block_start(), input_file_block_length(), id FROM six_files WHERE swarmformer(text).prediction = 1",
        "SELECT input_file_name(), s.sentiment, s.prediction FROM (SELECT swarmformer(text) s FROM six_files)",
        "SELECT input_file_name(), id FROM (SELECT * FROM six_files WHERE swarmformer(text).prediction = 1) WHERE input_file_name() LIKE '%parquet'",
        "SELECT file, swarmformer(text) FROM (SELECT input_file_name() file, text FROM six_files)",
        "SELECT _metadata.file_path, _metadata.row_index, id FROM six_files WHERE swarmformer(text).prediction = 1",
        "SELECT monotonically_increasing_id(), spark_partition_id(), rand(1), id FROM six_files WHERE swarmformer(text).prediction = 1",
        "SELECT id FROM samples WHERE EXISTS (SELECT 1 FROM samples s WHERE s.id = samples.id AND swarmformer(s.text).prediction = 1)",
        "SELECT id FROM samples WHERE EXISTS (SELECT 1 FROM samples s WHERE s.id = samples.id AND swarmformer(s.text).sentiment <> samples.label)",
        "SELECT id FROM samples WHERE EXISTS (SELECT 1 FROM samples s WHERE s.id = samples.id AND swarmformer(samples.text).sentiment = s.label)",
        "SELECT id FROM samples WHERE id NOT IN (SELECT s.id FROM samples s WHERE swarmformer(s.text).sentiment <> samples.label)",
        "SELECT label, swarmformer(max(text)) FROM samples GROUP BY label",
        "SELECT label, sort_array(collect_list(struct(id, swarmformer(text).sentiment))) FROM samples GROUP BY label",
        "SELECT id, label FROM samples ORDER BY swarmformer(text).sentiment, id DESC",
        "SELECT id FROM samples ORDER BY swarmformer(text).probabilities[1] DESC LIMIT 10",
        "SELECT id, c FROM (SELECT *, collate(upper(id), 'UTF8_LCASE') c FROM samples) WHERE c < 'r030' OR swarmformer(text).prediction = 7",
        "SELECT d, struct(id, map(1, array(d, NULL))), swarmformer(text) FROM (SELECT *, timestamp '1001-01-01 00:00:01.000002' d FROM samples)",
        "SELECT text, swarmformer(text).sentiment, count(*) FROM repeated GROUP BY text",
        "SELECT text, swarmformer(text).sentiment, count(*) FROM repeated WHERE swarmformer(text).prediction = 1 GROUP BY text",
        "SELECT text, swarmformer(text).sentiment FROM (SELECT DISTINCT text FROM repeated)",
        "SELECT text, swarmformer(text).sentiment FROM (SELECT DISTINCT text FROM repeated) LIMIT 100",
        "SELECT swarmformer(text) FROM (SELECT text FROM samples UNION SELECT text FROM six_files)",
        "SELECT text, CASE WHEN swarmformer(text).prediction = 1 THEN 'good' ELSE swarmformer(text).sentiment END, count(*) FROM repeated GROUP BY text",
        "SELECT coalesce(swarmformer(text).sentiment, 'none'), min(id) FROM repeated GROUP BY text",
        "SELECT CASE WHEN count(*) > 1 THEN swarmformer(text).sentiment END FROM repeated WHERE swarmformer(text).prediction = 1 GROUP BY text",
        "SELECT text, swarmformer(text).sentiment, max(swarmformer(text).prediction) FROM repeated GROUP BY text",
        "SELECT label, text, swarmformer(max(id)).sentiment, swarmformer(concat(label, text)), count(DISTINCT n) FROM repeated GROUP BY label, text",
        "SELECT swarmformer(text).sentiment s, swarmformer(text).prediction, label, count(*) FROM repeated GROUP BY 1, 2, 3",
        "SELECT text, swarmformer(text).sentiment, count(*) FROM repeated GROUP BY text HAVING max(swarmformer(text).prediction) = 1",
        "SELECT label, text, swarmformer(text).sentiment, count(*) FROM repeated GROUP BY ROLLUP (label, text)",
        "SELECT text, swarmformer(text).sentiment, count(*) FROM repeated GROUP BY text ORDER BY swarmformer(text).probabilities[1]",
        "SELECT id, CASE WHEN label = 'positive' AND swarmformer(text).prediction = 1 THEN 'agreed' END FROM samples WHERE swarmformer(text).sentiment = 'positive'",
        "SELECT max(swarmformer(text).prediction) FILTER (WHERE id = 'r001'), count(*) FILTER (WHERE swarmformer(text).prediction = 1) FROM samples",
        "SELECT id, swarmformer(text).sentiment FROM samples ORDER BY swarmformer(text).probabilities[1] DESC",
        "SELECT id FROM samples WHERE swarmformer(text).prediction = 1 ORDER BY swarmformer(text).probabilities[1] DESC",
        "SELECT id, input_file_name(), swarmformer(text).sentiment FROM six_files ORDER BY swarmformer(text).probabilities[1] DESC",
        "SELECT id, hex(name), swarmformer(text).sentiment FROM latin",
        "SELECT hex(collate(name, 'UTF8_LCASE')) FROM latin WHERE name > '' COLLATE UTF8_LCASE AND swarmformer(text).prediction = 1"
      })
  void givesInBatchesWhatItGivesRowByRow(String query) {
    SparkSession rowByRow = spark.newSession();
    rowByRow.conf().set("spark.sql.optimizer.excludedRules", BatchedCalls.class.getName());
    Samples.read(rowByRow).where("id < 'r060'").createOrReplaceTempView("samples");
    Dataset<Row> inBatches = spark.sql(query);
    assertThat(rowByRow.sql(query).schema()).isEqualTo(inBatches.schema());
    assertThat(inBatches.collectAsList())
        .usingRecursiveFieldByFieldElementComparator(WITHIN_ORDER_OF_SUMS)
        .containsExactlyInAnyOrderElementsOf(rowByRow.sql(query).collectAsList())
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT swarmformer(text).sentiment, swarmformer(text).prediction FROM samples|1",
        "SELECT id, swarmformer(text) FROM samples WHERE swarmformer(text).prediction = 1 AND id < 'r010'|1",
        "SELECT swarmformer(text), swarmformer(id) FROM samples|2",
        "SELECT count(*) FROM (SELECT swarmformer(text) FROM samples)|0",
        "SELECT swarmformer('A wonderful film.')|0",
        "SELECT id FROM samples ORDER BY swarmformer(text).probabilities[1] DESC LIMIT 10|1",
        "SELECT id FROM samples ORDER BY swarmformer(text).sentiment|1",
        "SELECT swarmformer(text) FROM local LIMIT 5|1",
        "SELECT swarmformer(text) FROM local WHERE id > 0 AND swarmformer(text).prediction = 1|1",
        "SELECT if(id < 'r010', swarmformer(text), NULL) FROM samples|0",
        "SELECT CASE WHEN swarmformer(text).prediction = 1 THEN id WHEN swarmformer(id).prediction = 1 THEN text END FROM samples|1",
        "SELECT coalesce(swarmformer(text).sentiment, swarmformer(id).sentiment) FROM samples|1",
        "SELECT transform(swarmformer(text).probabilities, p -> round(p, 2)) FROM samples|1",
        "SELECT id, swarmformer(text).sentiment FROM samples WHERE swarmformer(text).prediction = 1 LIMIT 5|1",
        "SELECT swarmformer(text), rand() FROM samples|0",
        "SELECT rand(), id FROM samples WHERE swarmformer(text).prediction = 1|1",
        "SELECT input_file_name(), id FROM six_files WHERE swarmformer(text).prediction = 1|0",
        "SELECT file, swarmformer(text) FROM (SELECT input_file_name() file, text FROM six_files)|1",
        "SELECT _metadata.file_path, id FROM six_files WHERE swarmformer(text).prediction = 1|1",
        "SELECT CASE WHEN label = 'positive' AND swarmformer(text).prediction = 1 THEN id END FROM samples|0",
        "SELECT CASE WHEN swarmformer(text).prediction = 1 AND label = 'positive' THEN id END FROM samples|1",
        "SELECT if(NOT (label = 'positive' OR swarmformer(text).prediction = 1), id, NULL) FROM samples|0",
        "SELECT id FROM samples WHERE label = 'positive' OR swarmformer(text).prediction = 1|1",
        "SELECT max(swarmformer(text).prediction) FILTER (WHERE id = 'r001') FROM samples|0",
        "SELECT max(id) FILTER (WHERE swarmformer(text).prediction = 1) FROM samples|1",
        "SELECT max(id) FILTER (WHERE id = 'r001' AND swarmformer(text).prediction = 1) FROM samples|0",
        "SELECT label, swarmformer(max(text)) FROM samples GROUP BY label|1",
        "SELECT label, collect_list(id), first(id), avg(swarmformer(text).probabilities[1]) FROM samples GROUP BY label|1",
        "SELECT id, swarmformer(text).sentiment FROM samples ORDER BY swarmformer(text).probabilities[1] DESC|1",
        "SELECT id, swarmformer(text).sentiment FROM samples WHERE swarmformer(text).prediction = 1 ORDER BY swarmformer(text).probabilities[1]|1",
        "SELECT id FROM samples WHERE swarmformer(text).prediction = 1 ORDER BY swarmformer(text).probabilities[1]|1",
        "SELECT id, text FROM samples WHERE swarmformer(text).prediction = 1 ORDER BY swarmformer(text).probabilities[1]|1"
      })
  void isComputedInBatchesWhereThatIsSafe(String query, int batches) {
    String plan = spark.sql(query).queryExecution().optimizedPlan().toString();
    assertThat(plan.split("MapPartitions ", -1)).hasSize(batches + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT text, swarmformer(text).sentiment, count(*) FROM repeated GROUP BY text|1",
        "SELECT swarmformer(text).sentiment FROM (SELECT DISTINCT text FROM repeated)|1",
        "SELECT text, CASE WHEN swarmformer(text).prediction = 1 THEN count(*) END FROM repeated GROUP BY text|1",
        "SELECT text, swarmformer(text).sentiment, count(*) FROM repeated GROUP BY text ORDER BY swarmformer(text).probabilities[1] LIMIT 100|1",
        "SELECT text, swarmformer(text).sentiment, max(swarmformer(text).prediction) FROM repeated GROUP BY text|4",
        "SELECT id, swarmformer(text).sentiment FROM repeated ORDER BY swarmformer(text).probabilities[1] LIMIT 100|3",
        "SELECT id FROM repeated WHERE swarmformer(text).prediction >= 0 ORDER BY swarmformer(text).probabilities[1] LIMIT 100|3",
        "SELECT id, text FROM repeated WHERE swarmformer(text).prediction >= 0 ORDER BY swarmformer(text).probabilities[1] LIMIT 100|3",
        "SELECT id, n, swarmformer(text).sentiment FROM repeated ORDER BY swarmformer(id).probabilities[1] LIMIT 100|6"
      })
  void scoresNoTextMoreOftenThanItNeeds(String query, int times) throws Exception {
    try (ScoredRows counted = new ScoredRows(spark.sparkContext())) {
      spark.sql(query).collectAsList();
      assertThat(counted.count())
          .isEqualTo(times * spark.sql("SELECT DISTINCT text FROM repeated").count());
    }
  }

  @Test
  void scoresWhatIsLeftOfDuplicates() {
    assertThat(
            spark
                .table("repeated")
                .dropDuplicates("text")
                .selectExpr("id", "swarmformer(text).sentiment")
                .collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            rows("SELECT id, swarmformer(text).sentiment FROM samples WHERE id < 'r010'"));
  }

  /**
   * Otherwise a global sort would lose its order among executors, and they would score too much.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, swarmformer(text) FROM (SELECT * FROM samples ORDER BY id DESC LIMIT 3)",
        "SELECT id, swarmformer(text) FROM (SELECT * FROM samples ORDER BY id DESC LIMIT 3 OFFSET 0)",
      })
  void scoresTheFirstRowsOfASortAlone(String query) {
    assertThat(spark.sql("EXPLAIN " + query).head().getString(0))
        .contains("TakeOrderedAndProject", "MapPartitions");
    assertThat(rows(query))
        .extracting(row -> row.getString(0))
        .hasSize(3)
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  /** With the offset below the scores, other executors' rows would be skipped. */
  @Test
  void skipsTheFirstRowsOfASortInItsOrder() {
    String query =
        "SELECT id, swarmformer(text) FROM (SELECT * FROM samples ORDER BY id OFFSET 55)";
    assertThat(spark.sql("EXPLAIN " + query).head().getString(0))
        .contains("CollectLimit", "MapPartitions")
        .doesNotContain("SinglePartition");
    assertThat(rows(query)).extracting(row -> row.getString(0)).isSorted().isNotEmpty();
  }

  @Test
  void leavesNoRowsToTheOptimizer() {
    String query = "SELECT if(id > 5, swarmformer(text).sentiment, NULL) AS s FROM local";
    LogicalPlan plan = spark.sql(query).queryExecution().optimizedPlan();
    assertThat(plan.toString()).contains("swarmformer(");
    assertThat(rows(query))
        .extracting(row -> row.getString(0))
        .containsExactly("positive", "negative");
  }

  /** Delta Lake finds the files to rewrite by {@code input_file_name()}. */
  @Test
  void saysWhatIsDeletedFromATableOfDeltaLake() {
    spark.table("six_files").write().format("delta").saveAsTable("six_delta_files");
    spark.sql("DELETE FROM six_delta_files WHERE swarmformer(text).prediction = 1");
    assertThat(rows("SELECT id FROM six_delta_files"))
        .containsExactlyInAnyOrderElementsOf(
            rows("SELECT id FROM six_files WHERE (swarmformer(text).prediction = 1) IS NOT TRUE"));
  }

  @Test
  void runsNoJobWhileAQueryIsAnalysedOrExplained() {
    SparkSession asking = spark.newSession();
    asking.conf().unset("spark.swarmformer.device");
    asking.conf().unset("spark.swarmformer.dtype");
    Samples.read(asking).createOrReplaceTempView("asked");
    long before = jobs();
    asking.sql("EXPLAIN EXTENDED SELECT swarmformer(text, 'base-imdb') FROM asked").collectAsList();
    asking.sql("SELECT swarmformer(text, 'base-imdb') FROM asked").explain();
    assertThat(jobs()).isEqualTo(before);
  }

  private static long jobs() {
    return spark.sparkContext().statusStore().jobsList(null).size();
  }

  @Test
  void describesItself() {
    assertThat(rows("DESCRIBE FUNCTION swarmformer").toString())
        .contains("swarmformer(text [, model]) - Returns STRUCT<prediction: INT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "swarmformer()|swarmformer was given 0 arguments. It takes a text, and a model if you like: swarmformer(text [, model]).",
        "swarmformer(text, 'a', 'b')|swarmformer was given 3 arguments.",
        "swarmformer(1)|Cannot score 1: it is INT, not STRING.",
        "swarmformer(text, id)|Cannot score with model samples.id: give the same text for all rows, as in swarmformer(text, 'small-imdb').",
        "swarmformer(text, 'none')|Cannot find model 'none': it is neither a bundled model (base-imdb, small-imdb"
      })
  void refusesWhenTheQueryIsAnalysed(String call, String message) {
    assertThatThrownBy(() -> spark.sql("SELECT %s FROM samples".formatted(call)))
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesSettingsThatItDoesNotKnow() {
    SparkSession other = spark.newSession();
    other.conf().set("spark.swarmformer.device", "gpu");
    assertThatThrownBy(() -> other.sql("SELECT swarmformer('a')"))
        .hasMessage("spark.swarmformer.device takes auto, cpu or cuda, not 'gpu'.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TEMPORARY VIEW defined AS SELECT swarmformer('a') AS s|SELECT * FROM defined",
        "CREATE VIEW defined_for_all AS SELECT swarmformer('a') AS s|SELECT * FROM defined_for_all",
        "CREATE FUNCTION calling(t STRING) RETURNS STRING RETURN swarmformer(t).sentiment|SELECT calling('a')"
      })
  void heedsSettingsInViewsAndFunctionsOfSql(String definition, String query) {
    SparkSession other = spark.newSession();
    other.sql(definition);
    other.sql("SET spark.swarmformer.dtype=float16");
    assertThatThrownBy(() -> other.sql(query))
        .hasMessage("spark.swarmformer.dtype takes float32 or bfloat16, not 'float16'.");
  }
}
