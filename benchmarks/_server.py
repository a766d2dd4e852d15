"""The product's web server and a signed-in browser for benchmarks."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from _system import BASE_DIR


class Server:
    """The web server on a free port, without TLS."""

    def __enter__(self) -> "Server":
        self.base = f"http://127.0.0.1:{free_port()}"
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=BASE_DIR, check=True)
        command = [sys.executable, "-m", "gunicorn", "shopai.wsgi", "--no-control-socket", "--worker-class", "gthread"]
        command += [
            "--workers",
            "1",
            "--threads",
            "8",
            "--bind",
            self.base.removeprefix("http://"),
            "--log-level",
            "warning",
        ]
        self.process = subprocess.Popen(command, cwd=BASE_DIR)
        wait_for_page(f"{self.base}/healthz", seconds=60)
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_page(url: str, *, seconds: float) -> float:
    """Seconds until the page answers 200. Raises TimeoutError."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return time.monotonic() - began
        time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer within {seconds:.0f} s")


@contextlib.contextmanager
def browser_page():
    """A page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    from tests import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGUMENTS)
        yield browser.new_page(accept_downloads=True)
        browser.close()
