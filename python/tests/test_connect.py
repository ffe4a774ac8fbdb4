"""The stage and the SQL function from a client of Spark Connect."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyspark
import pytest
from conftest import free_port, run, server
from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import swarmformer
from swarmformer.spark import SwarmFormerClassifier

SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


@pytest.fixture(scope="module")
def connect(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    log = tmp_path_factory.mktemp("connect") / "log"
    options = ("--conf", f"spark.connect.grpc.binding.port={port}")
    with server(SERVER, port, log, *options) as process:
        yield f"sc://127.0.0.1:{port}", process


@pytest.fixture(scope="module")
def spark(connect: tuple[str, subprocess.Popen[bytes]]) -> Iterator[SparkSession]:
    session = swarmformer.configure(SparkSession.builder.remote(connect[0])).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def reviews(spark: SparkSession, texts: Path) -> DataFrame:
    return spark.read.parquet(str(texts))


@pytest.fixture
def stage(spark: SparkSession) -> SwarmFormerClassifier:
    return SwarmFormerClassifier(device="cpu", dtype="float32")


def test_stage_predicts_what_the_job_predicts(
    stage: SwarmFormerClassifier,
    reviews: DataFrame,
    tmp_path: Path,
    timed: Callable[[str, Any, Path], Any],
    assert_predicted: Callable[[Any], None],
) -> None:
    scored = stage.transform(reviews)
    assert_predicted(timed("stage-connect", scored.select("id", "swarmformer.*"), tmp_path))


def test_sql_predicts_what_the_job_predicts(
    spark: SparkSession,
    reviews: DataFrame,
    tmp_path: Path,
    timed: Callable[[str, Any, Path], Any],
    assert_predicted: Callable[[Any], None],
) -> None:
    called = reviews.select("id", F.call_function("swarmformer", "text").alias("s"))
    assert_predicted(timed("sql-connect", called.select("id", "s.*"), tmp_path))
    row = spark.sql("SELECT swarmformer('A wonderful film.') AS s").head()
    assert row is not None
    assert row.s.sentiment == "positive"


def test_stages_and_pipelines_are_saved_and_read(
    stage: SwarmFormerClassifier, reviews: DataFrame, tmp_path: Path
) -> None:
    few = reviews.limit(5)
    expected = stage.transform(few).select("prediction").collect()
    stage.setBatchSize(3).save(str(tmp_path / "stage"))
    back = SwarmFormerClassifier.load(str(tmp_path / "stage"))
    assert (back.getBatchSize(), len(back.getModelSha256())) == (3, 64)
    Pipeline(stages=[stage]).fit(few).write().save(str(tmp_path / "pipeline"))
    pipeline = PipelineModel.load(str(tmp_path / "pipeline"))
    assert pipeline.transform(few).select("prediction").collect() == expected


def test_a_stage_is_saved_over_itself(
    stage: SwarmFormerClassifier, reviews: DataFrame, tmp_path: Path
) -> None:
    few = reviews.limit(5)
    expected = stage.transform(few).select("prediction").collect()
    place = str(tmp_path / "stage")
    stage.setSaveWeights(True).save(place)
    SwarmFormerClassifier.load(place).write().overwrite().save(place)
    back = SwarmFormerClassifier.load(place)
    assert back.transform(few).select("prediction").collect() == expected


SAVE_OF_JAVA = """
import sys, swarmformer
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
spark = swarmformer.configure(builder).getOrCreate()
jvm = spark._jvm
stages = spark.sparkContext._gateway.new_array(jvm.org.apache.spark.ml.PipelineStage, 1)
stages[0] = jvm.swarmformer.spark.SwarmFormerClassifier().setBatchSize(3)
few = spark.createDataFrame([("Wonderful!",)], ["text"])
pipeline = jvm.org.apache.spark.ml.Pipeline().setStages(stages).fit(few._jdf)
pipeline.write().save(sys.argv[1])
stage = jvm.swarmformer.spark.SwarmFormerClassifier.load(sys.argv[2])
assert stage.explainParams().count("current: 3") == 1
"""


@pytest.mark.long
@pytest.mark.skipif(pyspark.__version__ < "4.1", reason="its client reads none through Connect")
def test_pipelines_of_java_are_read(
    spark: SparkSession, stage: SwarmFormerClassifier, tmp_path: Path
) -> None:
    stage.setBatchSize(3).save(str(tmp_path / "stage"))
    ended = run(sys.executable, "-c", SAVE_OF_JAVA, tmp_path / "java", tmp_path / "stage")
    assert ended.returncode == 0, ended.stderr
    pipeline = PipelineModel.load(str(tmp_path / "java"))
    assert isinstance(pipeline.stages[0], SwarmFormerClassifier)
    assert pipeline.stages[0].getBatchSize() == 3
    scored = pipeline.transform(spark.createDataFrame([("Wonderful!",)], ["text"]))
    assert scored.select("swarmformer.sentiment").collect() == [("positive",)]


ONE_MORE_SESSION = """
import sys
from pyspark.sql import SparkSession
from swarmformer.spark import SwarmFormerClassifier
spark = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
texts = spark.createDataFrame([("Wonderful!",)], ["text"])
assert SwarmFormerClassifier().transform(texts).head().prediction == 1
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_two_sessions_load_the_natives_once(
    connect: tuple[str, subprocess.Popen[bytes]], spark: SparkSession
) -> None:
    texts = spark.createDataFrame([("Wonderful!",)], ["text"])
    assert SwarmFormerClassifier().transform(texts).head().prediction == 1
    ended = run(sys.executable, "-c", ONE_MORE_SESSION, connect[0])
    assert ended.returncode == 0, ended.stderr
    maps = Path(f"/proc/{connect[1].pid}/maps").read_text().splitlines()
    code = [line for line in maps if "djl_torch" in line and " r-xp " in line]
    assert len(code) == 1, code


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
    ],
)
def test_mistakes_are_told_at_once(
    spark: SparkSession, params: dict[str, Any], column: str, message: str
) -> None:
    texts = spark.createDataFrame([("Wonderful!",)], [column])
    with pytest.raises(Exception) as raised:  # noqa: PT011
        SwarmFormerClassifier(**params).transform(texts)
    assert str(raised.value).startswith(message)


WITHOUT_JAR = """
import sys
from pyspark.sql import SparkSession
from swarmformer.spark import SwarmFormerClassifier
spark = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
try:
    SwarmFormerClassifier().transform(spark.createDataFrame([("Wonderful!",)], ["text"]))
except RuntimeError as failure:
    print(failure)
"""


@pytest.mark.long
def test_a_server_without_the_jar_is_told(tmp_path: Path) -> None:
    port = free_port()
    options = ("--conf", f"spark.connect.grpc.binding.port={port}")
    with server(SERVER, port, tmp_path / "log", *options, jars=False):
        ended = run(sys.executable, "-c", WITHOUT_JAR, f"sc://127.0.0.1:{port}")
    assert ended.stdout == (
        f"The Spark Connect server does not have swarmformer-spark-{swarmformer.__version__}.jar: "
        "start it with --jars and the files that swarmformer.jar() and swarmformer.natives() "
        "name.\n"
    ), ended.stderr
