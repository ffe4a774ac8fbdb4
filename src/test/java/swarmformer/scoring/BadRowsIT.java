package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.InputSize;
import swarmformer.data.RunDirectory;
import swarmformer.data.Source;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.metrics.RunFacts;
import swarmformer.metrics.RunMetrics;
import swarmformer.metrics.Versions;
import swarmformer.models.Checkpoints;

class BadRowsIT {
  /** Reads 256 ids below 30522, the size of the vocabulary. */
  private static final String MODEL = "small-imdb";

  private static final List<String> CLASS_NAMES = List.of("negative", "positive");
  private static final int MEGABYTE = 1_000_000;

  @TempDir private Path folder;

  @Test
  void givesTextsThatCannotBeScoredAnError() {
    RunMetrics metrics =
        score("(1, 'Good.'), (2, null), (3, ''), (4, ' \\n\\t '), (5, 'Bad.')", "text", false);
    assertThat(errors()).containsExactly(null, "null text", "no tokens", "no tokens", null);
    assertThat(metrics.rows().rows()).isEqualTo(5);
    assertThat(metrics.rows().errors()).isEqualTo(Map.of("null text", 1L, "no tokens", 2L));
  }

  @Test
  void givesTokenIdsThatCannotBeScoredAnError() {
    RunMetrics metrics =
        score(
            "(1, array(101, 2204, 102)), (2, array(101, 30522, 102)), (3, array(101, -1, 102)),"
                + " (4, array(101, null, 102)), (5, array()), (6, null),"
                + " (7, sequence(1, 256)), (8, sequence(1, 257)), (9, array(101, 102))",
            "ids",
            false);
    assertThat(errors())
        .containsExactly(
            null,
            "ids outside the vocabulary: 30522 at position 1",
            "ids outside the vocabulary: -1 at position 1",
            "ids outside the vocabulary: null at position 1",
            "no tokens",
            "null ids",
            null,
            null,
            "no tokens");
    assertThat(metrics.rows().errors())
        .isEqualTo(Map.of("ids outside the vocabulary", 3L, "no tokens", 2L, "null ids", 1L));
  }

  @Test
  void givesTextsOutsideASmallVocabularyAnError() {
    score("(1, 'Good.')", "text", false, Golden.file("tiny/a").toString());
    assertThat(errors().get(0)).startsWith("ids outside the vocabulary: ");
  }

  @Test
  void stopsAtABadRowWhereThatIsWanted() {
    assertThatThrownBy(() -> score("('r1', 'Good.'), ('r2', null)", "text", true))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot score the row with id 'r2': null text. Fix the input, or leave out --on-bad-row fail to give such rows an error.");
    assertThat(folder.resolve("run=r")).doesNotExist();
    assertThat(folder.resolve("_staging")).doesNotExist();
  }

  @Test
  void scoresNoRows() {
    RunMetrics metrics =
        scoreQuery("select 1 as id, 'Good.' as text where false", "text", false, MODEL);
    assertThat(metrics.rows().rows()).isZero();
    assertThat(predictions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'good '", "'a'", "'!'", "'\\u043f\\u043b\\u043e\\u0445\\u043e '", "'good\\n'"})
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // against a tokenizer of quadratic time
  void scoresTwentyMegabytes(String unit) {
    RunMetrics metrics =
        score(
            "(1, repeat(%1$s, 20 * %2$d div octet_length(%1$s)))".formatted(unit, MEGABYTE),
            "text",
            false);
    assertThat(metrics.rows().rows()).isEqualTo(1);
  }

  @Test
  void scoresTheStartOfALongTextLikeTheText() {
    score(
        "(1, 'good ' || repeat('bad ', 300)), (2, 'good ' || repeat('bad ', 250000))",
        "text",
        false);
    List<Row> rows = predictions();
    assertThat(rows.get(0).<Object>getAs("logits")).isEqualTo(rows.get(1).getAs("logits"));
    assertThat(rows.get(1).<Boolean>getAs("truncated")).isTrue();
  }

  private RunMetrics score(String values, String column, boolean failOnBadRow) {
    return score(values, column, failOnBadRow, MODEL);
  }

  private RunMetrics score(String values, String column, boolean failOnBadRow, String model) {
    String query = "select * from values %s as t(id, %s)".formatted(values, column);
    return scoreQuery(query, column, failOnBadRow, model);
  }

  private RunMetrics scoreQuery(String query, String column, boolean failOnBadRow, String model) {
    SparkSession spark = LocalSpark.session();
    spark.sql(query).createOrReplaceTempView("given");
    boolean ids = column.equals("ids");
    ModelFiles files =
        new Checkpoints(spark.sparkContext().hadoopConfiguration(), Map.of()).read(model);
    ScoringSettings settings = CpuSettings.of(256, ids, false, failOnBadRow);
    try (RunDirectory run =
        RunDirectory.begin(
            spark.sparkContext().hadoopConfiguration(), folder.toString(), "r", true)) {
      return new ScoringAction(spark, files, settings)
          .execute(
              texts(spark, ids),
              InputSize.of(texts(spark, ids)),
              0,
              run,
              facts(files),
              new Versions("", "", "", "", ""));
    }
  }

  private static Texts texts(SparkSession spark, boolean ids) {
    Source given = Source.table("given");
    return Texts.read(spark, (ids ? given.idsColumn("ids") : given).source(), CLASS_NAMES);
  }

  private static RunFacts facts(ModelFiles files) {
    return new RunFacts(
        "r", files.name(), files.sha256(), 0, "{}", "float32", Instant.now(), "test");
  }

  private List<Row> predictions() {
    assertThat(Files.exists(folder.resolve("run=r/run.json"))).isTrue();
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve("run=r/predictions").toString())
        .orderBy("id")
        .collectAsList();
  }

  /** The error of each row, after checking that rows have either an error or a prediction. */
  private List<String> errors() {
    List<Row> rows = predictions();
    for (Row row : rows) {
      assertThat(row.getAs("prediction") == null).isEqualTo(row.getAs("error") != null);
      assertThat(row.getAs("logits") == null).isEqualTo(row.getAs("error") != null);
    }
    return rows.stream().map(row -> row.<String>getAs("error")).toList();
  }
}
