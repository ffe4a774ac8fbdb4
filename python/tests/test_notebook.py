"""The notebook, executed as it stands there."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from conftest import HOME, run

NOTEBOOK = "pyspark.ipynb"


def test_runs(tmp_path: Path) -> None:
    shutil.copy(HOME / "notebooks" / NOTEBOOK, tmp_path)
    ended = run(
        *(sys.executable, "-c", "from nbclient.cli import main; main()"),
        *("--inplace", tmp_path / NOTEBOOK),
        SWARMFORMER_TEXTS=str(HOME / "samples" / "reviews.parquet"),
        SWARMFORMER_LOGS=str(tmp_path / "logs"),
    )
    assert ended.returncode == 0, ended.stderr
    cells = json.loads((tmp_path / NOTEBOOK).read_text())["cells"]
    printed = "".join(
        "".join(output.get("text", []))
        for cell in cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stdout"
    )
    assert "ROC AUC 0.882" in printed
    assert "0 predictions differ from before" in printed
