package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.jobs.Script;

/** The SQL function, in a Spark of its own that has the extension. */
class SqlFunctionIT {
  @TempDir private static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void open() {
    LocalSpark.session().stop();
    spark = Extended.session(folder);
    Samples.read(spark).where("id < 'r060'").createOrReplaceTempView("samples");
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
    assertThat(rows(query.formatted(small)).get(0).isNullAt(0)).isTrue(); // of another vocabulary
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
        "swarmformer(text, 'none')|Cannot find model 'none': it is no bundled model (base-imdb, small-imdb"
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
}
