"""What the tests need of the system: found, or installed by `make test` (python -m tests.chromium).

Chromium for the browser tests, and GNU gettext for the test that finds untranslated strings.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Chromium as root, and one that calls nobody at its start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str | None:
    """CHROMIUM, the system's browser, or the one that Playwright keeps; None where there is none."""
    candidates = [
        os.environ.get("CHROMIUM"),
        "/usr/bin/chromium",
        shutil.which("chromium"),
        shutil.which("google-chrome"),
    ]
    found = next((path for path in candidates if path and os.access(path, os.X_OK)), None)
    return found or _of_playwright()


def main() -> int:
    if shutil.which("xgettext") is None and not _apt("gettext"):
        print("shopai: one test is skipped without GNU gettext. Type: sudo apt-get install -y gettext", file=sys.stderr)
    if executable() or (_install() and executable()):
        return 0
    print(
        "shopai: the tests need Chromium. Type: sudo apt-get install -y chromium fonts-noto-cjk (or set CHROMIUM)",
        file=sys.stderr,
    )
    return 2


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> bool:
    print("Installing Chromium for the browser tests ...", flush=True)
    return _apt("chromium", "fonts-noto-cjk") or _runs([sys.executable, "-m", "playwright", "install", "chromium"])


def _apt(*packages: str) -> bool:
    """Install Debian packages; False where this is no Debian, or not root's session, or they can't be had."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", *packages]
    return _runs(["apt-get", "update", "-qq"]) and _runs(install)


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
