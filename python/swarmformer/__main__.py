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

#: Options of others with which they need none either.
WITHOUT_SCORING = {
    "-h",
    "--help",
    "-V",
    "--version",
    "--verify",
    "--acknowledge",
    "--drop-before",
    "--delete-ids",
}

USAGE = 2


def main(arguments: list[str]) -> NoReturn:
    """Becomes the job, by the script that jobs/*.sh call, too."""
    if not arguments or arguments[0] not in JOBS:
        sys.exit(_usage(f"Usage: python -m swarmformer {'|'.join(JOBS)} [OPTION...]"))
    job, *options = arguments
    environment = dict(os.environ)
    try:
        if not environment.get("SPARK_HOME"):
            environment["SWARMFORMER_RUNTIME"] = str(_pyspark())
            check_java()
    except RuntimeError as failure:
        sys.exit(_usage(str(failure)))
    given = environment.get("PYTORCH_LIBRARY_PATH") or environment.get("SWARMFORMER_NATIVES")
    if not given and job != WITHOUT_MODEL and not WITHOUT_SCORING & _names(options):
        try:
            environment["SWARMFORMER_NATIVES"] = str(natives())
        except OSError as failure:  # a cluster may have its own, and the job says if it has not
            print(failure, file=sys.stderr)
    environment.setdefault("SWARMFORMER_LOGS", "logs")
    environment["SWARMFORMER_PROGRAM"] = f"python -m swarmformer {job}"
    submit = str(HOME / "jobs" / "submit.sh")
    command = ["bash", submit, f"swarmformer.jobs.{JOBS[job]}", *options]
    os.execvpe(command[0], command, environment)


def _names(options: list[str]) -> set[str]:
    """The options that are named, without values that stand behind an equals sign."""
    return {option.split("=")[0] for option in options}


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
