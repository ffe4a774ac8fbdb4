package swarmformer.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;
import swarmformer.LocalSpark;
import swarmformer.data.ObjectStore;

class SwarmFormerClassifierIT {
  private static final String WONDERFUL = "A wonderful film, I loved it.";

  @Test
  void addsColumnsOfMllibAndOfTheJob() {
    Dataset<Row> input = Samples.texts(LocalSpark.session(), WONDERFUL, "Dreadful.");
    Dataset<Row> scored = Samples.classifier().transform(input);
    assertThat(scored.columns())
        .containsExactly("text", "rawPrediction", "probability", "prediction", "swarmformer");
    assertThat(scored.schema().apply("swarmformer").toDDL())
        .isEqualTo(
            "swarmformer STRUCT<prediction: INT, sentiment: STRING, probabilities: ARRAY<FLOAT>, "
                + "logits: ARRAY<FLOAT>, tokens: INT, truncated: BOOLEAN, error: STRING> NOT NULL");
    Row first = scored.head();
    Row all = first.getAs("swarmformer");
    assertThat(first.<Double>getAs("prediction")).isEqualTo(1.0);
    assertThat(all.<Integer>getAs("prediction")).isEqualTo(1);
    assertThat(all.<String>getAs("sentiment")).isEqualTo("positive");
    assertThat(all.<Integer>getAs("tokens")).isEqualTo(10);
    List<Float> probabilities = all.getList(all.fieldIndex("probabilities"));
    List<Float> logits = all.getList(all.fieldIndex("logits"));
    Vector probability = first.getAs("probability");
    Vector raw = first.getAs("rawPrediction");
    double mean = (logits.get(0).doubleValue() + logits.get(1)) / 2;
    for (int i = 0; i < 2; i++) {
      assertThat(probability.apply(i)).isEqualTo(probabilities.get(i).doubleValue());
      assertThat(raw.apply(i)).isCloseTo(logits.get(i) - mean, within(1e-12));
    }
  }

  @Test
  void givesARowThatCannotBeScoredAnErrorAndNulls() {
    Dataset<Row> input = Samples.texts(LocalSpark.session(), null, "  ", WONDERFUL);
    List<Row> rows = Samples.classifier().transform(input).collectAsList();
    List<String> errors = List.of("null text", "no tokens");
    for (int i = 0; i < errors.size(); i++) {
      Row all = rows.get(i).getAs("swarmformer");
      assertThat(all.<String>getAs("error")).isEqualTo(errors.get(i));
      assertThat(all.<Integer>getAs("prediction")).isNull();
      assertThat(rows.get(i).<Vector>getAs("rawPrediction")).isNull();
      assertThat(rows.get(i).<Vector>getAs("probability")).isNull();
      assertThat(rows.get(i).<Double>getAs("prediction")).isNull();
    }
    assertThat(rows.get(2).<Row>getAs("swarmformer").<String>getAs("error")).isNull();
  }

  @Test
  void keepsColumnsPartitionsAndOrder() {
    Metadata metadata = Metadata.fromJson("{\"origin\":\"samples\"}");
    Dataset<Row> input =
        Samples.read()
            .repartition(5)
            .withColumn("a.b", array(lit(1), lit(2)))
            .withColumn("part", spark_partition_id())
            .withColumn("position", monotonically_increasing_id())
            .withColumn("noted", col("id").as("noted", metadata))
            .withColumn("category", expr("collate(upper(id), 'UTF8_LCASE')"))
            .withColumn("categories", expr("map('all', array(struct(category)))"));
    Dataset<Row> scored = Samples.classifier().setBatchSize(7).transform(input);
    StructType expected = input.schema();
    assertThat(List.of(scored.schema().fields()).subList(0, expected.size()))
        .isEqualTo(List.of(expected.fields()));
    assertThat(scored.schema()).isEqualTo(Samples.classifier().transformSchema(expected));
    assertThat(scored.schema().apply("noted").metadata()).isEqualTo(metadata);
    assertThat(scored.withColumn("now", spark_partition_id()).where("now <> part").count())
        .isZero();
    assertThat(scored.where("category = 'r001'").count()).isEqualTo(1);
    assertThat(
            scored
                .drop("rawPrediction", "probability", "prediction", "swarmformer")
                .collectAsList())
        .isEqualTo(input.collectAsList());
  }

  @Test
  void keepsBytesThatAreNotUtf8() {
    Dataset<Row> input =
        Samples.read()
            .withColumn("name", expr("CAST(unhex(concat('E9', substr(id, 2), '0')) AS STRING)"));
    assertThat(Samples.classifier().transform(input).selectExpr("hex(name)").collectAsList())
        .isEqualTo(input.selectExpr("hex(name)").collectAsList());
  }

  @Test
  void keepsColumnsOfTheSameName() {
    Dataset<Row> texts = Samples.read().select("id", "text").limit(3).coalesce(1);
    Dataset<Row> others = texts.select(col("id"), lit("other").as("TEXT"));
    Dataset<Row> joined = texts.join(others, texts.col("id").equalTo(others.col("id")));
    Dataset<Row> scored = Samples.classifier().transform(joined);
    assertThat(List.of(scored.columns()).subList(0, 4)).containsExactly("id", "text", "id", "TEXT");
    assertThat(scored.collectAsList())
        .extracting(row -> List.of(row.get(0), row.get(1), row.get(2), row.get(3)))
        .containsExactlyInAnyOrderElementsOf(
            texts.collectAsList().stream()
                .map(row -> List.of(row.get(0), row.get(1), row.get(0), "other"))
                .toList());
    assertThat(scored.select("prediction").collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            Samples.classifier().transform(texts).select("prediction").collectAsList());
  }

  @Test
  void leavesOutColumnsWithoutNameAndScoresIds() {
    Dataset<Row> input =
        LocalSpark.session()
            .sql(
                "SELECT array(101, 6919, 2143, 102) AS ids UNION ALL SELECT array(101, 99999, 102)");
    SwarmFormerClassifier stage =
        Samples.classifier().setIdsCol("ids").setRawPredictionCol("").setProbabilityCol("");
    Dataset<Row> scored = stage.setPredictionCol("").setOutputCol("out").transform(input);
    assertThat(scored.columns()).containsExactly("ids", "out");
    assertThat(scored.select("out.prediction", "out.error").collectAsList())
        .extracting(Row::toString)
        .containsExactly("[1,null]", "[null,ids outside the vocabulary: 99999 at position 1]");
  }

  @Test
  void readsItsModelWithTheSettingsOfTheSession() {
    SparkSession session = LocalSpark.session().newSession();
    session.conf().set("fs.store.impl", ObjectStore.class.getName());
    String model = ObjectStore.SCHEME + ":" + Golden.file("tiny/a").toAbsolutePath();
    Dataset<Row> texts = Samples.texts(session, WONDERFUL);
    assertThat(Samples.classifier().setModel(model).transform(texts).count()).isEqualTo(1);
  }

  @Test
  void hasTheNamesOfDjl() {
    Dataset<Row> input = Samples.texts(LocalSpark.session(), WONDERFUL);
    SwarmFormerClassifier stage =
        new SwarmFormerClassifier()
            .setModelUrl("small-imdb")
            .setInputCol("text")
            .setOutputCol("out")
            .setBatchSize(10);
    assertThat(stage.classify(input).select("out.sentiment").head().getString(0))
        .isEqualTo("positive");
  }

  @Test
  void explainsAndCopiesItsParams() {
    SwarmFormerClassifier stage = Samples.classifier().setBatchSize(3);
    assertThat(stage.explainParams().lines())
        .hasSize(13)
        .contains(
            "batchSize: rows of a batch, at least 1 (default: 256, current: 3)",
            "device: auto, cpu or cuda (default: auto, current: cpu)",
            "inputCol: column of the texts (default: text)",
            "modelSha256: SHA-256 that the weights must have (undefined)");
    SwarmFormerClassifier copy = stage.copy(new ParamMap().put(stage.batchSize().w(9)));
    assertThat(copy.uid()).isEqualTo(stage.uid());
    assertThat((Integer) copy.getOrDefault(copy.batchSize())).isEqualTo(9);
    assertThat(copy.getOrDefault(copy.device())).isEqualTo("cpu");
    assertThat((Integer) stage.getOrDefault(stage.batchSize())).isEqualTo(3);
  }

  @Test
  void standsBesideOtherStagesInAValidation() {
    RegexTokenizer words = new RegexTokenizer().setInputCol("text").setOutputCol("words");
    SwarmFormerClassifier stage = Samples.classifier();
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {words, stage});
    ParamMap[] grid = new ParamGridBuilder().addGrid(stage.batchSize(), new int[] {4, 64}).build();
    TrainValidationSplitModel best =
        new TrainValidationSplit()
            .setEstimator(pipeline)
            .setEvaluator(new BinaryClassificationEvaluator())
            .setEstimatorParamMaps(grid)
            .setTrainRatio(0.5)
            .setSeed(1)
            .fit(labelled().limit(40).coalesce(1));
    double[] areas = best.validationMetrics();
    assertThat(areas[0]).isEqualTo(areas[1]).isGreaterThan(0.6);
    assertThat(((PipelineModel) best.bestModel()).stages()).hasSize(2);
  }

  static Dataset<Row> labelled() {
    return Samples.read()
        .where("label IN ('negative', 'positive') AND length(trim(text)) > 0")
        .withColumn("label", col("label").equalTo("positive").cast(DataTypes.DoubleType));
  }

  @Test
  void isTheSameInAnyBatch() {
    Dataset<Row> input = Samples.read().limit(40).coalesce(1);
    List<Row> one = outputs(Samples.classifier().setBatchSize(1), input);
    List<Row> many = outputs(Samples.classifier().setBatchSize(17), input);
    IntStream.range(0, one.size()).forEach(i -> assertThat(one.get(i)).isEqualTo(many.get(i)));
  }

  private static List<Row> outputs(SwarmFormerClassifier stage, Dataset<Row> input) {
    return stage
        .transform(input)
        .select("swarmformer.prediction", "swarmformer.error")
        .collectAsList();
  }
}
