"""The stage and the SQL function in a JVM of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import HOME, SETTINGS
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import (
    BinaryClassificationEvaluator,
    MulticlassClassificationEvaluator,
)
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import swarmformer
from swarmformer.spark import SwarmFormerClassifier


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    with pytest.raises(RuntimeError, match=r"^There is no Spark session: make one first, with "):
        SwarmFormerClassifier()
    builder = SparkSession.builder.config("spark.driver.memory", "2g")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    warehouse = str(tmp_path_factory.mktemp("warehouse"))
    builder = builder.config("spark.sql.warehouse.dir", warehouse)
    session = swarmformer.configure(builder).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def reviews(spark: SparkSession, texts: Path) -> DataFrame:
    return spark.read.parquet(str(texts))


@pytest.fixture
def stage(spark: SparkSession) -> SwarmFormerClassifier:
    return SwarmFormerClassifier(device="cpu", dtype="float32")


def test_configure_adds_to_what_is_there(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.extensions") == swarmformer.EXTENSION
    builder = type(SparkSession.builder)().config("spark.sql.extensions", "a.B,c.D")
    twice = swarmformer.configure(swarmformer.configure(builder))
    assert twice._options["spark.sql.extensions"] == f"a.B,c.D,{swarmformer.EXTENSION}"
    remote = type(SparkSession.builder)().remote("sc://localhost")
    assert "spark.jars" not in swarmformer.configure(remote)._options


@pytest.mark.parametrize("version", ["3.5.9", "4.0.0", "4.4.0.dev1"])
def test_other_versions_of_pyspark_are_refused(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyspark.__version__", version)
    with pytest.raises(RuntimeError, match=f"^PySpark {version} is installed, and swarmformer "):
        swarmformer.configure(SparkSession.builder)


def test_params_are_those_of_the_java_stage(stage: SwarmFormerClassifier) -> None:
    java = stage._java_obj
    assert [param.name for param in stage.params] == [param.name() for param in java.params()]
    for param in stage.params:
        of_java = java.getParam(param.name)
        assert stage.hasDefault(param) == java.hasDefault(of_java)
        if stage.hasDefault(param):
            assert stage._defaultParamMap[param] == java.getDefault(of_java).get()
        name = param.name[0].upper() + param.name[1:]
        assert callable(getattr(stage, f"set{name}"))
        assert callable(getattr(stage, f"get{name}"))
    assert stage.setBatchSize(7).setModel("base-imdb").getModel() == "base-imdb"
    unset = SwarmFormerClassifier(idsCol=None, modelSha256=None, configSha256=None)
    assert not any(unset.isSet(name) for name in ("idsCol", "modelSha256", "configSha256"))
    copy = stage.copy({stage.batchSize: 9})
    assert (copy.uid, copy.getBatchSize(), stage.getBatchSize()) == (stage.uid, 9, 7)


def test_stage_predicts_what_the_job_predicts(
    stage: SwarmFormerClassifier,
    reviews: DataFrame,
    tmp_path: Path,
    timed: Callable[[str, Any, Path], Any],
    assert_predicted: Callable[[Any], None],
) -> None:
    stage.transform(reviews.limit(500)).write.parquet(str(tmp_path / "warm"))
    scored = stage.transform(reviews)
    assert_predicted(timed("stage", scored.select("id", "swarmformer.*"), tmp_path))


def test_java_stage_predicts_what_the_job_predicts(
    spark: SparkSession,
    reviews: DataFrame,
    tmp_path: Path,
    timed: Callable[[str, Any, Path], Any],
    assert_predicted: Callable[[Any], None],
) -> None:
    java = spark._jvm.swarmformer.spark.SwarmFormerClassifier()
    java.setDevice("cpu").setDtype("float32")
    scored = DataFrame(java.transform(reviews._jdf), spark)
    assert_predicted(timed("java", scored.select("id", "swarmformer.*"), tmp_path))


def test_sql_predicts_what_the_job_predicts(
    spark: SparkSession,
    reviews: DataFrame,
    tmp_path: Path,
    timed: Callable[[str, Any, Path], Any],
    assert_predicted: Callable[[Any], None],
) -> None:
    reviews.createOrReplaceTempView("reviews")
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW scored AS SELECT id, swarmformer(text) AS s FROM reviews"
    )
    assert_predicted(timed("sql", spark.sql("SELECT id, s.* FROM scored"), tmp_path))
    few = reviews.where("id < 'r100'")
    called = few.select(F.call_function("swarmformer", "text").alias("s"))
    positive = spark.sql("SELECT * FROM scored WHERE id < 'r100' AND s.prediction = 1").count()
    assert called.where("s.prediction = 1").count() == positive


def test_streams_predict_what_the_job_predicts(
    spark: SparkSession,
    stage: SwarmFormerClassifier,
    reviews: DataFrame,
    texts: Path,
    tmp_path: Path,
    assert_predicted: Callable[[Any], None],
) -> None:
    arriving = spark.readStream.schema(reviews.schema).option("maxFilesPerTrigger", 2)
    of_stage = stage.transform(arriving.parquet(str(texts))).select("id", "swarmformer.*")
    of_sql = arriving.parquet(str(texts)).selectExpr("id", "swarmformer(text) AS s")
    for name, rows in (("stage", of_stage), ("sql", of_sql.select("id", "s.*"))):
        out = str(tmp_path / name)
        writer = rows.writeStream.option("checkpointLocation", out + "-checkpoint")
        writer.trigger(availableNow=True).format("parquet").start(out).awaitTermination()
        assert_predicted(spark.read.parquet(out))


def test_pipelines_are_read_on_the_other_side(
    spark: SparkSession, stage: SwarmFormerClassifier, reviews: DataFrame, tmp_path: Path
) -> None:
    few = reviews.limit(5)
    of_python = str(tmp_path / "python")
    Pipeline(stages=[stage]).fit(few).write().save(of_python)
    jvm = spark._jvm
    read = jvm.org.apache.spark.ml.PipelineModel.load(of_python)
    predicted = stage.transform(few).select("prediction").collect()
    assert DataFrame(read.transform(few._jdf), spark).select("prediction").collect() == predicted

    stages = spark.sparkContext._gateway.new_array(jvm.org.apache.spark.ml.PipelineStage, 1)
    stages[0] = jvm.swarmformer.spark.SwarmFormerClassifier().setBatchSize(3)
    of_java = str(tmp_path / "java")
    jvm.org.apache.spark.ml.Pipeline().setStages(stages).fit(few._jdf).write().save(of_java)
    back = PipelineModel.load(of_java)
    assert isinstance(back.stages[0], SwarmFormerClassifier)
    assert back.stages[0].getBatchSize() == 3
    assert len(back.stages[0].getModelSha256()) == 64
    assert back.transform(few).select("prediction").collect() == predicted

    moved = str(tmp_path / "stage")
    stage.setSaveWeights(True).save(moved)
    assert SwarmFormerClassifier.load(moved).getModel().endswith("stage/model")


def test_evaluators_agree_with_the_job(
    stage: SwarmFormerClassifier, reviews: DataFrame, figures: dict[str, Any]
) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    positive = F.col("label").cast("string").isin("positive", "1").cast("double")
    judged = (
        stage.transform(reviews)
        .where("prediction IS NOT NULL AND label IS NOT NULL")
        .withColumn("label", positive)
        .cache()
    )
    area = BinaryClassificationEvaluator(numBins=0).evaluate(judged)
    multi = MulticlassClassificationEvaluator(metricLabel=1.0)
    found = {
        name: multi.setMetricName(metric).evaluate(judged)
        for name, metric in (("accuracy", "accuracy"), ("f1", "fMeasureByLabel"))
    }
    rows = judged.select("label", "prediction", "swarmformer.probabilities").collect()
    labels = [row.label for row in rows]
    probabilities = [row.probabilities[1] for row in rows]
    predictions = [row.prediction for row in rows]
    of_sklearn = {
        "roc_auc": metrics.roc_auc_score(labels, probabilities),
        "log_loss": metrics.log_loss(labels, probabilities),
        "accuracy": metrics.accuracy_score(labels, predictions),
        "f1": metrics.f1_score(labels, predictions),
        "brier_score": metrics.brier_score_loss(labels, probabilities),
    }
    for name, value in [("roc_auc", area), *found.items(), *of_sklearn.items()]:
        print(f"{name}: {value:.9f}, job {figures[name]:.9f}")
        assert value == pytest.approx(figures[name], abs=1e-6), name


def test_examples_of_the_page_run(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (HOME / "docs" / "python.md").read_text()
    stage, sql = (page.split(f"\n## {section}\n")[1] for section in ("The stage", "SQL"))
    monkeypatch.setattr(DataFrame, "show", lambda rows, *_: rows.collect())
    names = {"spark": spark}
    relative = {'"samples/': f'"{HOME}/samples/', '"sentiment"': f'"{tmp_path}/sentiment"'}
    for section in (stage, sql):
        example = section.split("```python\n")[1].split("```")[0]
        for path, absolute in relative.items():
            example = example.replace(path, absolute)
        exec(example, names)
    assert 0.8 < names["area"] < 0.9


@pytest.mark.parametrize(
    ("params", "column", "message"),
    [
        (
            {},
            "body",
            "Cannot read the dataset: no column 'text'. Columns found: body. Set inputCol.",
        ),
        ({"model": "none"}, "text", "Cannot find model 'none': it is neither a bundled model ("),
        ({"device": "gpu"}, "text", "device takes auto, cpu or cuda, not 'gpu'."),
        ({"device": "cuda"}, "text", "Cannot use a GPU: "),
        ({"batchSize": 0}, "text", "batchSize must be at least 1, not 0."),
        ({"modelSha256": "beef"}, "text", "Cannot use model small-imdb: the SHA-256 of its "),
    ],
)
def test_mistakes_are_one_line(
    spark: SparkSession, params: dict[str, Any], column: str, message: str
) -> None:
    texts = spark.createDataFrame([("Wonderful!",)], [column])
    with pytest.raises(Exception) as raised:  # noqa: PT011
        SwarmFormerClassifier(**params).transform(texts)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("swarmformer('a', 'none')", "Cannot find model 'none'"),
        ("swarmformer(1)", "Cannot score 1: it is INT, not STRING."),
    ],
)
def test_mistakes_in_sql_are_one_line(spark: SparkSession, call: str, message: str) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        spark.sql(f"SELECT {call}")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def test_another_version_of_the_jar_is_refused(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swarmformer.spark.VERSION", "0.0.1")
    with pytest.raises(RuntimeError) as raised:
        SwarmFormerClassifier()
    assert str(raised.value) == (
        f"The JVM of this Spark session has swarmformer-spark {swarmformer.__version__}, and this "
        "is version 0.0.1 of the package swarmformer: give it swarmformer-spark-0.0.1.jar, or "
        "install the package of that version."
    )
