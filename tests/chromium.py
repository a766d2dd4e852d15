"""The browser of the end-to-end tests: found, or installed by `make test` (python -m tests.chromium)."""

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
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands.insert(0, ["sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk"])
    print("Installing Chromium for the browser tests ...", flush=True)
    return any(subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0 for command in commands)


if __name__ == "__main__":
    sys.exit(main())
