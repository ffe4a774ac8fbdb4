"""What the tests share: texts to score, what the job makes of them, and processes that end."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pyarrow.parquet
import pytest

import swarmformer
from swarmformer import _files

HOME = Path(__file__).parents[2]

BUILT_NATIVES = HOME / "target" / f"swarmformer-spark-{swarmformer.__version__}-natives-cpu.jar"

#: Texts of the tests; set SWARMFORMER_REVIEWS to a Parquet file of id, text and label for more.
REVIEWS = Path(os.environ.get("SWARMFORMER_REVIEWS", HOME / "samples" / "reviews.parquet"))
MOST_REVIEWS = 5_000
FILES = 6

#: Of probabilities: what a text shares its batch with changes logits by up to 1e-5.
TOLERANCE = 5e-6

SETTINGS = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "localhost",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    # As conf/spark-defaults.conf has it: the time of a test is spent in starting.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.swarmformer.device": "cpu",
}


def pytest_configure() -> None:
    """Takes the natives of the build, so that none are fetched."""
    os.environ["SWARMFORMER_CACHE"] = str(HOME / "target" / "python-cache")
    kept = _files.kept_natives()
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.symlink_to(BUILT_NATIVES)


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end, without what PySpark has told this process."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
    return subprocess.run(
        [str(word) for word in command],
        env={**own, **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )


def job(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a job of the package."""
    return run(sys.executable, "-m", "swarmformer", *arguments, **environment)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of a test run share, so that the job runs once."""
    given = os.environ.get("SWARMFORMER_TEST_FOLDER")
    return Path(given) if given else tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def texts(shared: Path) -> Path:
    """A folder of Parquet files of id, text and label."""
    folder = shared / "texts"
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    table = pyarrow.parquet.read_table(REVIEWS, columns=["id", "text", "label"])
    rows = table.take(list(range(0, len(table), -(-len(table) // MOST_REVIEWS))))
    size = -(-len(rows) // FILES)
    for i in range(FILES):
        pyarrow.parquet.write_table(rows.slice(i * size, size), folder / f"{i}.parquet")
    return folder


@pytest.fixture(scope="session")
def evaluated(texts: Path, shared: Path) -> Path:
    """The run of ``evaluate`` of the texts."""
    output = shared / "output"
    if (output / "run=r").exists():
        return output / "run=r"
    options = ["--run-id", "r", "--device", "cpu", "--dtype", "float32"]
    ended = job("evaluate", "--input", texts, "--format", "parquet", "--output", output, *options)
    assert ended.returncode == 0, ended.stderr
    print(*[line for line in ended.stdout.splitlines() if "texts/s" in line], sep="\n")
    return output / "run=r"


@pytest.fixture(scope="session")
def figures(evaluated: Path) -> dict[str, Any]:
    """What the job says of its predictions."""
    return json.loads((evaluated / "evaluation" / "metrics.json").read_text())


@pytest.fixture(scope="session")
def assert_predicted(evaluated: Path) -> Callable[[Any], None]:
    """Compares rows of id, prediction, sentiment and probabilities with those of the job."""
    wanted = pyarrow.dataset.dataset(evaluated / "predictions").to_table().to_pylist()
    expected = {row["id"]: row for row in wanted}

    def check(rows: Any) -> None:
        found = {row["id"]: row for row in rows.collect()}
        assert found.keys() == expected.keys()
        largest = 0.0
        for key, row in found.items():
            assert row["prediction"] == expected[key]["prediction"]
            assert row["sentiment"] == expected[key]["sentiment"]
            if row["prediction"] is not None:
                pairs = zip(row["probabilities"], expected[key]["probabilities"], strict=True)
                largest = max([largest, *(abs(one - other) for one, other in pairs)])
        print(f"largest difference of a probability: {largest:.1e}")
        assert largest <= TOLERANCE

    return check


@pytest.fixture(scope="session")
def timed() -> Callable[[str, Any, Path], Any]:
    """Writes rows, prints how long that took, and reads them."""

    def write(name: str, rows: Any, folder: Path) -> Any:
        place = str(folder / name)
        start = time.monotonic()
        rows.write.mode("overwrite").parquet(place)
        seconds = time.monotonic() - start
        written = rows.sparkSession.read.parquet(place)
        print(f"{name}: {seconds:.1f} s, {written.count() / seconds:.1f} texts/s")
        return written

    return write


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def server(
    class_name: str, port: int, log: Path, *options: str, jars: bool = True
) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the installed PySpark, until it is no longer needed."""
    import pyspark

    spark = Path(pyspark.__file__).parent
    command = [str(spark / "bin" / "spark-submit"), "--class", class_name]
    for key, value in SETTINGS.items():
        command += ["--conf", f"{key}={value}"]
    if jars:
        files = f"{swarmformer.jar()},{swarmformer.natives()}"
        command += ["--jars", files, "--conf", f"spark.sql.extensions={swarmformer.EXTENSION}"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, *options, "spark-internal"],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={**os.environ, "SPARK_HOME": str(spark)},
        )
    try:
        wait_for(port, process, log)
        yield process
    finally:
        process.terminate()
        process.wait(60)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until a server listens."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text())
