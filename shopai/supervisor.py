"""`make run`: the embedded services and the processes of the Procfile under one parent.

It starts again what dies, prints all logs with a prefix, and on SIGINT or SIGTERM stops everything in order: the
processes first, each given the time to end its task, then the services.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from shopai import embedded
from shopai.embedded import StartupError
from shopai.processes import BASE_DIR, MARK, Child, end_orphans, read_procfile

TERM_SECONDS, QUIT_SECONDS = 7.0, 9.5  # the services then stop within the 15 s that a stop may last
REVIVE_SECONDS = 2.0
PATIENCE_SECONDS = 15.0
HEAD_START_SECONDS = 10.0
COLOURS = {"web": 36, "default": 32, "model": 35, "beat": 33, "shopai": 1}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    def __init__(self, port: int, state: Path):
        self.port = port
        self.state = state
        self.selector = selectors.DefaultSelector()
        self.children: list[Child] = []
        self.stop_at: float | None = None
        self._hurry = False
        self._web_at = self._ready_at = self._look_at = self._revive_at = 0.0
        self._told = ""
        self._width = 7
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def run(self) -> None:
        """Everything, until a signal. Raises StartupError while nothing serves yet."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)
        if ended := end_orphans(self.state):
            self.say(f"ended {ended} processes that an earlier run had left behind")
        with contextlib.closing(listen(self.port)) as listener, embedded.hold():
            try:
                if self.stop_at is None:
                    self._prepare()
                if self.stop_at is None:
                    self._serve(listener)
            finally:
                self._stop_children()

    def say(self, line: str, name: str = "shopai") -> None:
        prefix = f"{name:<{self._width}} |"
        if self._coloured:
            prefix = f"\x1b[{COLOURS.get(name, 34)}m{prefix}\x1b[0m"
        try:
            print(prefix, line, flush=True)
        except BrokenPipeError:
            self._begin_stop()
        except OSError:
            pass  # a log on a full disk is no reason to stop serving

    def _on_signal(self, number: int, frame: object) -> None:
        self._hurry = self.stop_at is not None and number == signal.SIGINT
        self._begin_stop()

    def _begin_stop(self) -> None:
        if self.stop_at is None:
            self.stop_at = time.monotonic()

    def _environment(self, **more: str) -> dict[str, str]:
        # The programs of the Procfile stand beside this Python.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        own = {"PATH": path, "PYTHONUNBUFFERED": "1", MARK: str(self.state)}
        if os.geteuid() == 0:
            own["PYTHONWARNINGS"] = "ignore:::celery.platforms"  # ten lines about root, said by each worker
        return {**os.environ, **own, **more}

    def _prepare(self) -> None:
        child = Child("prepare", f"'{sys.executable}' -m shopai.prepare", self._environment())
        self.children = [child]
        child.start(self.selector)
        reason = ""
        while child.is_running and self.stop_at is None:
            reason = self._pump(0.2) or reason
        if self.stop_at is not None:
            return
        for line in child.close(self.selector):
            reason = self._show(child, line) or reason
        self.children = []
        if child.process.returncode:
            raise StartupError(reason or f"the database could not be prepared (status {child.process.returncode})")

    def _serve(self, listener: socket.socket) -> None:
        for name, command in read_procfile(BASE_DIR / "Procfile").items():
            handed = (listener.fileno(),) if name == "web" else ()
            more = {"SHOPAI_BIND": f"fd://{listener.fileno()}"} if handed else {}
            self.children.append(Child(name, command, self._environment(**more), handed))
        began = time.monotonic()
        while self.stop_at is None:
            # The web process first: on two cores the workers would double the wait for the first page.
            patience_ends = self._web_at or time.monotonic() - began > HEAD_START_SECONDS
            for child in self.children if patience_ends else self.children[:1]:
                if child.process is None:
                    child.start(self.selector)
            self._pump(0.1)
            self._restart_dead()
            self._revive_services()
            self._announce()

    def _pump(self, seconds: float) -> str:
        """Print what has arrived; the reason for giving up, if a line held one."""
        reason = ""
        for key, _ in self.selector.select(seconds):
            for line in key.data.read(self.selector):
                reason = self._show(key.data, line) or reason
        return reason

    def _show(self, child: Child, line: str) -> str:
        if child.name == "prepare" and line.startswith("shopai: "):
            return line.removeprefix("shopai: ")
        self.say(line, child.name)
        return ""

    def _restart_dead(self) -> None:
        for child in self.children:
            if child.process is None or child.is_running:
                continue
            if not child.start_at:
                for line in child.close(self.selector):
                    self.say(line, child.name)
                status, pause = child.process.returncode, child.pause()
                self.say(f"{child.name} ended unexpectedly (status {status}); it starts again in {pause:.0f} s")
            elif time.monotonic() >= child.start_at:
                child.start_at = 0.0
                child.start(self.selector)

    def _revive_services(self) -> None:
        if time.monotonic() < self._revive_at:
            return
        try:
            for name in embedded.revive():
                self.say(f"{name} had died and was started again")
        except StartupError as error:
            self.say(f"{error} (trying again)")
        self._revive_at = time.monotonic() + REVIVE_SECONDS

    def _announce(self) -> None:
        """Say once that the pages answer, once that the workers do, and while they don't, why."""
        now = time.monotonic()
        if self._ready_at or now < self._look_at:
            return
        self._look_at = now + 0.3
        if not self._web_at:
            if self._get("/healthz")[0] == 200:
                self._web_at = now
                self._greet()
            return
        status, answer = self._get("/readyz")
        if status == 200:
            self._ready_at = now
            self.say("database, broker, workers and model are ready")
        elif now - self._web_at > PATIENCE_SECONDS and (reasons := _reasons(answer)) != self._told:
            self._told = reasons
            self.say(f"not ready: {reasons}")

    def _get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()

    def _greet(self) -> None:
        from shopai.prepare import OPERATOR, password_file

        self.say(f"ShopAI is at  http://localhost:{self.port}/")
        self.say(f"user          {OPERATOR}")
        if password_file().exists():
            kept = password_file().read_text().strip()
            self.say(f"password      {kept}  (unless changed since; kept in {password_file()})")

    def _stop_children(self) -> None:
        began = time.monotonic()
        left = [child for child in self.children if child.is_running]
        if left:
            self.say("stopping")
        steps = [(0.0, signal.SIGTERM), (TERM_SECONDS, signal.SIGQUIT), (QUIT_SECONDS, signal.SIGKILL)]
        while any(child.is_running for child in left):
            while steps and (self._hurry or time.monotonic() - began >= steps[0][0]):
                number = steps.pop(0)[1]
                for child in left:
                    child.signal_group(number) if number == signal.SIGKILL else child.signal(number)
            self._pump(0.1)
        for child in self.children:
            if child.process:
                for line in child.close(self.selector):
                    self._show(child, line)


def listen(port: int) -> socket.socket:
    """A socket bound to the port; handed to the web process, so that a restart of it refuses no visitor."""
    host = os.environ.get("SHOPAI_HOST", "127.0.0.1")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        raise StartupError(
            f"port {port} on {host} can't be used: {error.strerror}. Choose another: make run PORT=8001"
        ) from None
    return listener


def read_port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise StartupError(f"PORT must be a number from 1 to 65535, not {value!r}")
    return int(value)


@contextlib.contextmanager
def only_one(state: Path, port: int):
    """The right to supervise this state folder; the kernel takes it back from a supervisor that was killed."""
    with embedded.as_startup_error(state):
        state.mkdir(parents=True, exist_ok=True)
        handle = os.open(state / "supervisor.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartupError(f"already running here{_describe(file.read())}: stop it with `make stop`") from None
        with embedded.as_startup_error(state):
            file.truncate()
            file.write(json.dumps({"pid": os.getpid(), "port": port}))
            file.flush()
        yield


def stop(state: Path) -> None:
    """End the supervisor of this state folder, or what a killed one left behind."""
    with contextlib.suppress(OSError, ValueError, KeyError), open(state / "supervisor.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.kill(json.loads(file.read())["pid"], signal.SIGTERM)
            fcntl.flock(file, fcntl.LOCK_SH)
            return
    end_orphans(state)
    if state.exists():
        embedded.stop()


def _reasons(answer: str) -> str:
    """The reasons in /readyz's answer, as `part: reason` joined by semicolons."""
    try:
        parts = json.loads(answer)
        parts |= {f"worker {queue}": state for queue, state in parts.pop("workers").items()}
    except (ValueError, KeyError):
        return "/readyz does not answer"
    return "; ".join(
        f"{name}: {part['reason']}"
        for name, part in parts.items()
        if part and isinstance(part, dict) and part.get("reason")
    )


def _describe(text: str) -> str:
    with contextlib.suppress(ValueError, KeyError):
        known = json.loads(text)
        return f" (process {known['pid']}, http://localhost:{known['port']}/)"
    return ""


def main(arguments: list[str]) -> int:
    state = embedded.state_dir()
    try:
        if arguments == ["stop"]:
            stop(state)
            return 0
        port = read_port()
        with only_one(state, port):
            Supervisor(port, state).run()
    except StartupError as error:
        print(f"shopai: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
