"""Runs the jobs of this package on the PySpark that is installed, or the Spark of SPARK_HOME."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import NoReturn

from swarmformer._files import HOME, check_java, natives

JOBS = {
    "score": "Score",
    "evaluate": "Evaluate",
    "score-nightly": "ScoreNightly",
    "report-trend": "ReportTrend",
    "train": "Train",
    "export": "Export",
    "bench": "Bench",
    "doctor": "Doctor",
}

#: The one that reads what was written, and needs no model.
WITHOUT_MODEL = "report-trend"

USAGE = 2


def main(arguments: list[str]) -> NoReturn:
    """Becomes the job, by the script that jobs/*.sh call, too."""
    if not arguments or arguments[0] not in JOBS:
        sys.exit(_usage(f"Usage: python -m swarmformer {'|'.join(JOBS)} [OPTION...]"))
    job, *options = arguments
    environment = dict(os.environ)
    try:
        if "SPARK_HOME" not in environment:
            environment["SWARMFORMER_RUNTIME"] = str(_pyspark())
            check_java()
        given = "PYTORCH_LIBRARY_PATH" in environment or environment.get("SWARMFORMER_NATIVES")
        if not given and job != WITHOUT_MODEL and "--help" not in options:
            environment["SWARMFORMER_NATIVES"] = str(natives())
    except (OSError, RuntimeError) as failure:
        sys.exit(_usage(str(failure)))
    environment.setdefault("SWARMFORMER_LOGS", "logs")
    environment["SWARMFORMER_PROGRAM"] = f"python -m swarmformer {job}"
    submit = str(HOME / "jobs" / "submit.sh")
    command = ["bash", submit, f"swarmformer.jobs.{JOBS[job]}", *options]
    os.execvpe(command[0], command, environment)


def _pyspark() -> Path:
    """Where the installed PySpark has its Spark."""
    found = importlib.util.find_spec("pyspark")
    place = Path(found.origin).parent if found and found.origin else None
    if place is None or not (place / "jars").is_dir():
        raise RuntimeError("There is no Spark: pip install pyspark, or set SPARK_HOME.")
    return place


def _usage(message: str) -> int:
    print(message, file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    main(sys.argv[1:])
