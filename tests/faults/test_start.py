"""`make run` as a process: its starts, its stops, and what is said when it can't start."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from shopai.processes import MARK
from tests.processes import BASE_DIR, wait_until

pytestmark = pytest.mark.faults


class Run:
    """One supervisor over a state folder of its own, in this checkout and this virtual environment."""

    def __init__(self, state: Path):
        self.state = state
        self.port = free_port()
        self.log = state.parent / "log"
        self.process: subprocess.Popen | None = None

    def environment(self, **more: str) -> dict[str, str]:
        known = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        own = {"SHOPAI_STATE_DIR": str(self.state), "PORT": str(self.port), "SHOPAI_DEMO": "0", "WEB_CONCURRENCY": "1"}
        return {**known, **own, **more}

    def start(self) -> float:
        """Seconds until the log-in page answers."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shopai.supervisor"],
                cwd=BASE_DIR,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: self.status("/admin/login/") == 200, seconds=60)
        return time.monotonic() - began

    def refused(self, **env: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "shopai.supervisor"]
        return subprocess.run(
            command, cwd=BASE_DIR, env=self.environment(**env), capture_output=True, text=True, timeout=60, check=False
        )

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, "{}"

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def ready(self) -> dict:
        return json.loads(self.get("/readyz")[1])

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began

    def left(self) -> list[str]:
        """Processes that belong to the state folder: the supervisor's children and the two servers."""
        return [process.name() for process in psutil.process_iter() if self._belongs(process)]

    def servers(self) -> list[psutil.Process]:
        found = [process for process in psutil.process_iter() if self._belongs(process, children=False)]
        return [process for process in found if process.ppid() not in {other.pid for other in found}]

    def _belongs(self, process: psutil.Process, children: bool = True) -> bool:
        with contextlib.suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            if Path(process.cwd()).is_relative_to(self.state.resolve()):
                return True
            return children and process.environ().get(MARK) == str(self.state)
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def state():
    """A state folder for all tests here, so that only the first start makes a database."""
    # Not tmp_path: as root, pytest's folders are closed to the account that the servers run as.
    folder = Path(tempfile.mkdtemp(prefix="shopai-start-"))
    folder.chmod(0o755)
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.fixture
def run(state):
    run = Run(state)
    yield run
    if run.process and run.process.poll() is None:
        run.process.kill()
        run.process.wait()
    subprocess.run(
        [sys.executable, "-m", "shopai.supervisor", "stop"], cwd=BASE_DIR, env=run.environment(), check=False
    )


def assert_one_line(done: subprocess.CompletedProcess, *words: str) -> None:
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("shopai: ")
    for word in words:
        assert word in lines[0]


def test_start_serves_says_how_to_log_in_and_stops_without_a_trace(run):
    run.start()
    wait_until(lambda: all(worker["ok"] for worker in run.ready()["workers"].values()), seconds=60)
    ready = run.ready()
    password = (run.state / "password").read_text().strip()

    assert (ready["database"], ready["broker"]) == ({"ok": True}, {"ok": True})
    assert run.status("/healthz") == 200
    assert (run.state / "password").stat().st_mode & 0o077 == 0
    said = run.log.read_text()
    assert f"http://localhost:{run.port}/" in said
    assert f"password      {password}" in said
    assert len(run.servers()) == 2

    second = run.refused(PORT=str(free_port()))
    assert_one_line(second, "already running", str(run.process.pid), str(run.port))

    assert run.stop() < 15
    assert run.process.returncode == 0
    assert run.left() == []


def test_second_start_is_quick_and_survives_servers_and_workers_that_are_killed(run):
    assert run.start() < 15
    wait_until(lambda: run.ready()["workers"]["model"]["ok"], seconds=60)
    before = {process.pid for process in run.servers()}

    for process in run.servers():
        process.kill()
    for process in psutil.Process(run.process.pid).children():
        if "worker" in process.cmdline():
            process.kill()

    def recovered() -> bool:
        ready = run.ready()
        return ready["database"]["ok"] and ready["broker"]["ok"] and all(w["ok"] for w in ready["workers"].values())

    wait_until(lambda: {process.pid for process in run.servers()}.isdisjoint(before), seconds=20)
    wait_until(recovered, seconds=40)
    assert "started again" in run.log.read_text()
    assert run.stop(signal.SIGINT) < 15
    assert run.left() == []


def test_start_after_kill_9_of_everything_recovers(run):
    run.start()
    run.process.kill()
    run.process.wait()
    for process in run.servers():
        process.kill()

    run.start()

    assert run.ready()["database"]["ok"]
    assert len(run.servers()) == 2
    assert run.stop() < 15
    assert run.left() == []


def test_start_after_kill_9_of_the_supervisor_alone_takes_over_its_servers(run):
    run.start()
    before = {process.pid for process in run.servers()}
    run.process.kill()
    run.process.wait()
    # Its web process dies with it, but not at once, and must not answer for the next one.
    wait_until(lambda: run.status("/healthz") != 200, seconds=30)

    run.start()

    assert {process.pid for process in run.servers()} == before
    assert run.stop() < 15
    assert run.left() == []


def test_port_in_use_is_one_line(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert_one_line(run.refused(PORT=str(taken.getsockname()[1])), "port", "in use", "PORT=")


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_port_that_is_none_is_one_line(run, port):
    assert_one_line(run.refused(PORT=port), "PORT must be a number")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://someone:hidden@127.0.0.1:9/shop"),
        ("DATABASE_URL", "mysql://someone:hidden@127.0.0.1/shop"),
        ("REDIS_URL", "redis://:hidden@127.0.0.1:9/0"),
        ("REDIS_URL", "hidden"),
    ],
)
def test_server_that_answers_nothing_is_one_line_without_the_password(run, name, value):
    done = run.refused(**{name: value})

    assert_one_line(done, name)
    assert "hidden" not in done.stderr + done.stdout


def test_command_beside_a_dead_database_is_one_line(run):
    env = run.environment(DATABASE_URL="postgresql://someone@127.0.0.1:9/shop")
    command = [sys.executable, "manage.py", "showmigrations"]
    done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert_one_line(done, "DATABASE_URL")
    assert done.stdout == ""


def test_full_disk_is_one_line(run, state):
    """A real file system that is too small for a database."""
    small = state.with_name("small")
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=30m,mode=755", "tmpfs", small]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        assert_one_line(run.refused(SHOPAI_STATE_DIR=str(small / "state")), "disk is full")
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another account")
def test_folder_closed_to_others_stays_closed(run, tmp_path):
    """As root the servers run as an account of their own, which must not cost anybody's folder its permissions."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    env = run.environment(SHOPAI_STATE_DIR=str(closed / "state"))
    command = [sys.executable, "manage.py", "showmigrations", "sessions", "--skip-checks"]
    done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, timeout=60, check=False)
    home = (closed / "state" / "services").resolve()
    shutil.rmtree(home)

    assert (done.returncode, done.stderr) == (0, "")
    assert closed.stat().st_mode & 0o777 == 0o700
    assert home.parent == Path("/var/lib")
