"""The jobs, the natives and what a newcomer meets first, each in a process of its own."""

from __future__ import annotations

import base64
import functools
import hashlib
import http.server
import importlib.metadata
import os
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BUILT_NATIVES, HOME, free_port, job, run, server

import swarmformer
from swarmformer import _files

SAMPLES = HOME / "samples" / "reviews.csv"


def test_wheel_lists_its_files_with_their_hashes() -> None:
    files = importlib.metadata.files("swarmformer") or []
    hashed = {str(file): file for file in files if file.hash is not None}
    assert f"swarmformer/jars/swarmformer-spark-{swarmformer.__version__}.jar" in hashed
    assert "swarmformer/jobs/submit.sh" in hashed
    assert f"swarmformer-{swarmformer.__version__}.dist-info/licenses/LICENSE" in hashed
    for file in hashed.values():
        digest = hashlib.sha256(file.read_binary()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == file.hash.value, file


def test_calls_itself_by_its_name() -> None:
    usage = job("score", "--help")
    assert usage.returncode == 0
    assert usage.stdout.startswith("Usage: python -m swarmformer score --input PATH...")
    mistake = job("score", "--inptu", "x")
    assert mistake.returncode == 2
    assert mistake.stderr.endswith("Try 'python -m swarmformer score --help'.\n")
    nothing = job("scroe")
    assert (nothing.returncode, nothing.stderr.count("\n")) == (2, 1)
    assert nothing.stderr.startswith("Usage: python -m swarmformer score|evaluate|")


@pytest.mark.long
def test_has_the_exit_codes_of_the_scripts(tmp_path: Path) -> None:
    output = ("--output", tmp_path)
    assert job("score", "--input", tmp_path / "none.csv", *output).returncode == 3
    unknown = job("score", "--input", SAMPLES, "--model", "none", *output)
    assert unknown.returncode == 4
    assert unknown.stderr.startswith("Cannot find model 'none'")


def without(program: str, folder: Path) -> str:
    """A PATH that has what the script needs, but not one program."""
    for name in {"bash", "env", "dirname", "readlink", "find", "head", "id", "java"} - {program}:
        (folder / name).symlink_to(shutil.which(name) or name)
    return str(folder)


def test_says_that_there_is_no_java(tmp_path: Path) -> None:
    path = without("java", tmp_path)
    environment = {"PATH": path, "JAVA_HOME": ""}
    ended = job("score", "--help", **environment)
    message = "There is no java on the PATH: install a JDK 17 or 21 and set JAVA_HOME.\n"
    assert (ended.returncode, ended.stderr) == (2, message)
    program = (
        "from pyspark.sql import SparkSession; import swarmformer\n"
        "try: swarmformer.configure(SparkSession.builder)\n"
        "except RuntimeError as failure: print(failure)"
    )
    assert run(sys.executable, "-c", program, **environment).stdout == message


def test_says_that_there_is_no_spark(tmp_path: Path) -> None:
    (tmp_path / "swarmformer").symlink_to(Path(swarmformer.__file__).parent)
    # The Python that the environment was made with, which has no packages of it.
    python = getattr(sys, "_base_executable", sys.executable)
    ended = run(python, "-S", "-m", "swarmformer", "score", "--help", PYTHONPATH=str(tmp_path))
    message = "There is no Spark: pip install pyspark, or set SPARK_HOME.\n"
    assert (ended.returncode, ended.stderr) == (2, message)


WITHOUT_JAR = """
from pyspark.sql import SparkSession
SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
from swarmformer.spark import SwarmFormerClassifier
try:
    SwarmFormerClassifier()
except RuntimeError as failure:
    print(failure)
"""


def test_says_that_the_jvm_has_no_jar() -> None:
    ended = run(sys.executable, "-c", WITHOUT_JAR)
    assert ended.stdout == (
        "The JVM of this Spark session does not have "
        f"swarmformer-spark-{swarmformer.__version__}.jar: make the first session of the process "
        "with swarmformer.configure(SparkSession.builder), or give spark-submit --jars with the "
        "files that swarmformer.jar() and swarmformer.natives() name.\n"
    ), ended.stderr


SUBMITTED = """
from pyspark.sql import SparkSession
import swarmformer
spark = swarmformer.configure(SparkSession.builder).getOrCreate()
from swarmformer.spark import SwarmFormerClassifier
texts = spark.createDataFrame([("Wonderful!",)], ["text"])
row = SwarmFormerClassifier().transform(texts).selectExpr("prediction", "swarmformer(text)").head()
print("predicted", row[0], row[1].prediction, swarmformer.__file__.split("/")[-3])
print("extensions", spark.conf.get("spark.sql.extensions"))
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("--jars /a.jar pyspark-shell", "--jars /a.jar,{} pyspark-shell"),
        ("--jars=/a.jar pyspark-shell", "--jars=/a.jar,{} pyspark-shell"),
        ("--conf spark.jars=/a.jar pyspark-shell", "--conf spark.jars=/a.jar,{} pyspark-shell"),
        ("--conf=spark.jars=/a.jar x.py", "--conf=spark.jars=/a.jar,{} x.py"),
        ("--packages a:b:1 pyspark-shell", "--jars {} --packages a:b:1 pyspark-shell"),
        ("--packages=a:b:1 --jars /a.jar x.py", "--packages=a:b:1 --jars /a.jar,{} x.py"),
        ("--conf spark.jars.packages=a:b:1 x.py", "--jars {} --conf spark.jars.packages=a:b:1 x.py"),
    ],
)
def test_adds_its_jars_to_those_of_spark_submit(
    given: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes --jars instead of spark.jars, and executors take the builder's instead of both."""
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", given)
    builder = type(SparkSession.builder)().config("spark.jars", "/c.jar")
    for _ in range(2):  # a second time nothing changes
        swarmformer._add_jars(builder, ["/own.jar", "/natives.jar"])
        words = expected.format("/c.jar,/own.jar,/natives.jar")
        assert os.environ["PYSPARK_SUBMIT_ARGS"] == words
        assert "spark.jars" not in builder._options


def test_adds_its_jars_to_those_of_the_builder(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    for given in ("", "--name 'my app' pyspark-shell"):
        monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", given)
        builder = type(SparkSession.builder)().config("spark.jars", "/c.jar")
        swarmformer._add_jars(swarmformer._add_jars(builder, ["/own.jar"]), ["/own.jar"])
        assert builder._options["spark.jars"] == "/c.jar,/own.jar"
        assert os.environ["PYSPARK_SUBMIT_ARGS"] == given
    monkeypatch.delenv("PYSPARK_SUBMIT_ARGS")
    builder = type(SparkSession.builder)().config("spark.jars.packages", "a:b:1")
    swarmformer._add_jars(builder, ["/own.jar"])
    assert "spark.jars" not in builder._options
    assert os.environ["PYSPARK_SUBMIT_ARGS"] == "--jars /own.jar pyspark-shell"


def test_adds_to_settings_of_the_submit_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """The builder's settings are taken instead of these."""
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--conf a=b,c --conf=d=e,f pyspark-shell")
    builder = type(SparkSession.builder)()
    assert swarmformer._add(builder, "a", "x")._options["a"] == "b,c,x"
    assert swarmformer._add(builder, "d", "e")._options["d"] == "f,e"
    assert swarmformer._add(builder, "g", "x")._options["g"] == "x"


@pytest.mark.long
def test_runs_under_spark_submit(tmp_path: Path) -> None:
    import pyspark

    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    program = tmp_path / "program.py"
    program.write_text(SUBMITTED)
    # As on a cluster, where the package comes with the program and its jars by --jars.
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as package:
        for module in Path(swarmformer.__file__).parent.glob("*.py"):
            package.write(module, f"swarmformer/{module.name}")
    jars = f"{swarmformer.jar()},{swarmformer.natives()}"
    other = "org.apache.spark.sql.ExtensionsOfTheUser"
    options = ["--master", "local[1]", "--conf", "spark.ui.enabled=false"]
    options += ["--conf", f"spark.sql.extensions={other}"]  # Spark warns that there is none
    command = [submit, *options, "--py-files", archive, "--jars", jars, program]
    ended = run(*command, PYSPARK_PYTHON=sys.executable)
    assert "predicted 1.0 1 package.zip\n" in ended.stdout, ended.stderr
    assert f"extensions {other},{swarmformer.EXTENSION}\n" in ended.stdout


def test_expects_the_natives_of_the_build() -> None:
    content = BUILT_NATIVES.read_bytes()
    assert hashlib.sha256(content).hexdigest() in _files.NATIVES.values()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A repository that says nothing of its requests."""

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An address like Maven Central's, and the folder of its files."""
    folder = tmp_path / "repository"
    place = folder / "ai/djl/pytorch/pytorch-native-cpu" / _files.PYTORCH
    place.mkdir(parents=True)
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listener.server_port}", place
        listener.shutdown()


def test_fetches_the_natives_once(
    repository: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = swarmformer.natives()
    address, place = repository
    monkeypatch.setenv("DEFAULT_ARTIFACT_REPOSITORY", address)
    monkeypatch.setenv("SWARMFORMER_CACHE", str(tmp_path / "cache"))
    with pytest.raises(
        OSError, match=r"^Cannot fetch PyTorch's natives from http://.*: HTTP Error 404"
    ):
        swarmformer.natives()
    (place / jar.name).write_text("an error page")
    with pytest.raises(
        OSError, match=r"its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}\. Put that file at"
    ):
        swarmformer.natives()
    assert list((tmp_path / "cache" / "jars").iterdir()) == []
    (place / jar.name).unlink()
    (place / jar.name).symlink_to(jar)
    fetched = swarmformer.natives()
    assert fetched == tmp_path / "cache" / "jars" / jar.name
    assert fetched.stat().st_mode & 0o444 == 0o444  # of a cache that several users have
    with fetched.open("rb") as one, jar.open("rb") as other:
        assert hashlib.sha256(one.read()).digest() == hashlib.sha256(other.read()).digest()
    (place / jar.name).unlink()
    assert swarmformer.natives() == fetched


@pytest.mark.long
def test_fetches_no_natives_that_are_given_or_not_needed(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment = {"DEFAULT_ARTIFACT_REPOSITORY": nowhere, "SWARMFORMER_CACHE": str(tmp_path)}
    score = ["score", "--input", tmp_path / "none.csv", "--output", tmp_path / "output"]
    missing = job("score", "--input", SAMPLES, "--output", tmp_path / "output", **environment)
    assert missing.returncode == 5
    assert f"Cannot fetch PyTorch's natives from {nowhere}" in missing.stderr
    assert "Cannot load PyTorch: its natives are not on the class path" in missing.stderr
    verify = job("score-nightly", "--store", tmp_path / "none", "--verify", **environment)
    assert "Fetching" not in verify.stderr
    given = job(*score, SWARMFORMER_NATIVES=str(BUILT_NATIVES), **environment)
    assert given.returncode == 3, given.stderr
    assert job("report-trend", "--store", tmp_path / "none", **environment).returncode == 3


@pytest.mark.long
def test_thrift_server_has_the_function(tmp_path: Path) -> None:
    import pyspark

    class_name = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"
    port = free_port()
    options = []
    for setting in (f"server2.thrift.port={port}", "server2.thrift.bind.host=127.0.0.1"):
        options += ["--conf", f"spark.hadoop.hive.{setting}"]
    beeline = Path(pyspark.__file__).parent / "bin" / "beeline"
    query = (
        f"CREATE TEMPORARY VIEW r USING parquet OPTIONS (path '{HOME}/samples/reviews.parquet');"
        "SELECT 'positive', count(*) FROM r WHERE swarmformer(text).prediction = 1;"
    )
    with server(class_name, port, tmp_path / "log", *options):
        url = f"jdbc:hive2://127.0.0.1:{port}"
        ended = run(beeline, "-u", url, "--silent=true", "--outputformat=csv2", "-e", query)
    assert "positive,138" in ended.stdout.splitlines(), ended.stderr
