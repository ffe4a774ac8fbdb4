"""The files that Spark needs: the jar of the package, and PyTorch's natives from Maven Central."""

from __future__ import annotations

import hashlib
import http.client
import os
import platform
import shutil
import sys
import tempfile
import urllib.request
from pathlib import Path

HOME = Path(__file__).parent

#: That of the jar, as the pom.xml has it.
VERSION = "0.1.0"

PYTORCH = "2.7.1"

#: SHA-256 of PyTorch's natives for CPUs, by operating system and processor.
NATIVES = {
    "linux-x86_64": "1769928feaaa2389b4aa68390e7787ce1707290258b167d016a200fced4b8c39",
    "linux-aarch64": "ea7bf1da33fc4ecf310186b27f2b4afc4387e81cb76a994e5703e0e3c2c97cf6",
    "osx-aarch64": "e1ca6c377750d31a2a791d9d2dac9efb09e39181faf84338ef0e140214979ff2",
}


def jar() -> Path:
    """The cluster jar that this package carries.

    Raises:
        FileNotFoundError: The package is no installed wheel, and has none.
    """
    place = HOME / "jars" / f"swarmformer-spark-{VERSION}.jar"
    if not place.exists():
        raise FileNotFoundError(f"There is no {place}: install the wheel that the build makes.")
    return place


def check_java() -> None:
    """Raises a RuntimeError where Spark would find no Java."""
    home = os.environ.get("JAVA_HOME")
    if shutil.which(str(Path(home, "bin", "java")) if home else "java") is None:
        where = f"in JAVA_HOME ({home})" if home else "on the PATH"
        raise RuntimeError(f"There is no java {where}: install a JDK 17 or 21 and set JAVA_HOME.")


def natives() -> Path:
    """The jar of PyTorch's natives, fetched once for each user and checked.

    It comes from Maven Central, or from the repository that DEFAULT_ARTIFACT_REPOSITORY names, as
    Spark's own packages do, and stays in the directory jars of SWARMFORMER_CACHE.

    Raises:
        OSError: It cannot be fetched or kept, or is not the file that was expected.
    """
    kept = kept_natives()
    if not kept.exists():
        repository = os.environ.get(
            "DEFAULT_ARTIFACT_REPOSITORY", "https://repo1.maven.org/maven2/"
        ).rstrip("/")
        source = f"{repository}/ai/djl/pytorch/pytorch-native-cpu/{PYTORCH}/{kept.name}"
        try:
            _fetch(source, kept, NATIVES[_platform()])
        except (OSError, ValueError, http.client.HTTPException) as failure:
            raise OSError(
                f"Cannot fetch PyTorch's natives from {source}: {failure}. "
                f"Put that file at {kept}, or name a mirror of Maven Central in "
                "DEFAULT_ARTIFACT_REPOSITORY."
            ) from None
    if not os.access(kept, os.R_OK):
        raise OSError(f"Cannot read {kept}: let this user read it, or set SWARMFORMER_CACHE.")
    return kept


def kept_natives() -> Path:
    """Where the natives of this platform are kept, once they are fetched."""
    return _cache() / "jars" / f"pytorch-native-cpu-{PYTORCH}-{_platform()}.jar"


def _platform() -> str:
    """Operating system and processor, as the names of the jars have them."""
    system = {"Linux": "linux", "Darwin": "osx"}.get(platform.system(), platform.system())
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if f"{system}-{machine}" not in NATIVES:
        raise OSError(
            f"There is no PyTorch {PYTORCH} for {system}-{machine}: "
            f"use one of {', '.join(NATIVES)}."
        )
    return f"{system}-{machine}"


def _cache() -> Path:
    """The cache of this project's jobs."""
    if os.environ.get("SWARMFORMER_CACHE"):
        return Path(os.environ["SWARMFORMER_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "swarmformer")


def _fetch(source: str, target: Path, sha256: str) -> None:
    """Fetches a file, which is there whole and as expected, or not at all."""
    print(f"Fetching PyTorch's natives, once: {source}", file=sys.stderr)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as part:
        try:
            found = hashlib.sha256()
            with urllib.request.urlopen(source, timeout=60) as answer:
                while block := answer.read(1 << 20):
                    found.update(block)
                    part.write(block)
            if found.hexdigest() != sha256:
                raise OSError(f"its SHA-256 is {found.hexdigest()}, not {sha256}")
            part.close()
            umask = os.umask(0)
            os.umask(umask)
            Path(part.name).chmod(0o666 & ~umask)  # a temporary file is its maker's alone
            Path(part.name).replace(target)
        except BaseException:
            Path(part.name).unlink()
            raise
