"""SwarmFormer on PySpark: a session that has it, a pipeline stage, a SQL function, and the jobs."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from swarmformer._files import VERSION, check_java, jar, natives

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["__version__", "configure", "jar", "natives"]

__version__ = VERSION

EXTENSION = "swarmformer.spark.SwarmFormerExtensions"


def configure(builder: SparkSession.Builder) -> SparkSession.Builder:
    """Adds this package's jar, PyTorch's natives and the SQL function to a session's builder.

    What ``spark.jars`` and ``spark.sql.extensions`` of the builder hold stays; the jars go into
    ``PYSPARK_SUBMIT_ARGS`` where that names some, and beside ``spark.jars.packages``. The natives are
    left out where ``PYTORCH_LIBRARY_PATH`` names a PyTorch that is on the machine.

    A JVM that runs already, as under ``spark-submit``, has the jars that it was started with: there
    only the SQL function is added. So has a server of Spark Connect, for which nothing is.

    Raises:
        OSError: PyTorch's natives cannot be fetched or kept.
        RuntimeError: PySpark is too old or too new, or there is no Java.
    """
    _check_pyspark()
    options = builder._options  # type: ignore[attr-defined]  # nothing public tells them
    server = options.get("spark.remote", os.environ.get("SPARK_REMOTE", "local"))
    if not server.startswith("local"):  # else this process starts it
        return builder
    if not _jvm_runs():
        check_java()
        jars = [jar()] if os.environ.get("PYTORCH_LIBRARY_PATH") else [jar(), natives()]
        builder = _add_jars(builder, [str(path) for path in jars])
    return _add(builder, "spark.sql.extensions", EXTENSION)


def _check_pyspark() -> None:
    """Says in a line what the JVM would say in many."""
    from pyspark import __version__ as found

    numbers = tuple(int(number) for number in re.findall(r"\d+", found)[:3])
    if not (4, 0, 1) <= numbers < (4, 4):
        raise RuntimeError(
            f"PySpark {found} is installed, and swarmformer needs 4.0.1 to 4.3: "
            "pip install 'pyspark>=4.0.1,<4.4'."
        )


def _jvm_runs() -> bool:
    from pyspark import SparkContext

    return "PYSPARK_GATEWAY_PORT" in os.environ or SparkContext._gateway is not None


def _add_jars(builder: SparkSession.Builder, jars: list[str]) -> SparkSession.Builder:
    """Adds jars to the builder's or, where spark-submit makes a list of its own, to that one.

    The driver has that list, and executors have it unless the builder replaces it.
    """
    options = builder._options  # type: ignore[attr-defined]
    words = _submit_args()
    places = [
        i
        for i, word in enumerate(words)
        if word.startswith(("--jars=", "--conf=spark.jars=", "spark.jars="))
        or words[i - 1 : i] == ["--jars"]
    ]
    packages = (
        options.get("spark.jars.packages")
        or _submitted("spark.jars.packages")
        or any(word.partition("=")[0] == "--packages" for word in words)
    )
    if not places and not packages:
        for path in jars:
            builder = _add(builder, "spark.jars", path)
        return builder
    if not places:
        words = ["--jars", "", *(words or ["pyspark-shell"])]
        places = [1]
    added = dict.fromkeys([*options.pop("spark.jars", "").split(","), *jars])
    for i in places:
        values = [words[i], *(path for path in added if path not in words[i])]
        words[i] = ",".join(filter(None, values))
    os.environ["PYSPARK_SUBMIT_ARGS"] = shlex.join(words)
    return builder


def _submit_args() -> list[str]:
    return shlex.split(os.environ.get("PYSPARK_SUBMIT_ARGS", ""))


def _submitted(key: str) -> str:
    """What PYSPARK_SUBMIT_ARGS sets, which the builder's settings replace."""
    settings = [word.removeprefix("--conf=") for word in _submit_args()]
    values = [word.removeprefix(f"{key}=") for word in settings if word.startswith(f"{key}=")]
    return values[-1] if values else ""


def _add(builder: SparkSession.Builder, key: str, value: str) -> SparkSession.Builder:
    """Adds to a setting that takes several values."""
    present = builder._options.get(key, "")  # type: ignore[attr-defined]
    if not present and _jvm_runs():
        from pyspark import SparkConf, SparkContext

        SparkContext._ensure_initialized()  # a SparkConf asks a JVM that it knows
        present = SparkConf().get(key, "")
    present = present or _submitted(key)
    values = [one for one in present.split(",") if one and one != value]
    return builder.config(key, ",".join([*values, value]))
