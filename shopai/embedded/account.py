"""As whom and where the services run.

PostgreSQL refuses to run as root. Root therefore gives the services to an account of their own; where that account
can't reach the checkout (a clone under /root, say), data and programs move to a folder under /var/lib, so that no
permission of a folder that isn't ours is ever widened.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from shopai.embedded.errors import StartupError, as_startup_error
from shopai.embedded.paths import socket_dir, state_dir

ACCOUNT = "shopai"
EVERYONE_MAY_PASS = stat.S_IXOTH


@dataclass(frozen=True)
class Home:
    """The folder that holds the services' data, and the account that they run as (None: our own)."""

    path: Path
    account: pwd.struct_passwd | None

    def folder(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        return folder

    def give(self, path: Path) -> None:
        if self.account and path.lstat().st_uid != self.account.pw_uid:
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    def run(self, *command: str | Path, timeout: float = 60) -> subprocess.CompletedProcess:
        """One of the services' own programs; nothing of it reaches our output. Raises subprocess.TimeoutExpired."""
        identity = {}
        if self.account:
            identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.path)}
        # A pipe would be kept open by the server that outlives its starter, so output goes to a file.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=self.path,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                umask=0o077,
                start_new_session=True,  # a Ctrl-C in the terminal is ours to handle
                **identity,
            )
            output.seek(0)
            done.stdout = output.read().decode(errors="replace")
        return done

    def programs(self, package: str, folder: str) -> Path:
        """A folder of an installed package, or a copy of it that the account can reach. Raises StartupError."""
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise StartupError(f"{package} is not installed: set DATABASE_URL and REDIS_URL to servers of your own.")
        installed = Path(spec.submodule_search_locations[0])
        libraries = installed.with_name(f"{package}.libs")  # where auditwheel puts them; found relative to the program
        parts = [part for part in (installed / folder, libraries) if part.exists()]
        if not self.account or all(reachable(part) and _readable(part) for part in parts):
            return installed / folder
        copy = self.path / "programs"
        for part in parts:
            _copy_for_all(part, copy / part.relative_to(installed.parent))
        copy.chmod(0o755)
        return copy / package / folder


def _copy_for_all(source: Path, target: Path) -> None:
    complete = target.with_name(f"{target.name}.complete")
    if complete.exists() and complete.stat().st_mtime >= source.stat().st_mtime:
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    for path in (target.parent, target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o444))
    complete.touch()


def services_home() -> Home:
    """The services' home, made where it is missing. Raises StartupError."""
    state = state_dir()
    with as_startup_error(state):
        state.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            return Home(state, None)
        state.chmod(state.stat().st_mode | EVERYONE_MAY_PASS)
        path = _moved_home(state) or state
        data = path / "postgres"
        if data.exists() and data.stat().st_uid != 0:
            return Home(path, pwd.getpwuid(data.stat().st_uid))
        return Home(path, _account())


def prepare_socket_dir(home: Home) -> None:
    """A folder for the sockets that only the services' account (and root) may enter; `.shopai/sockets` points there."""
    path, link = socket_dir(), state_dir() / "sockets"
    with as_startup_error(path):
        path.mkdir(mode=0o700, exist_ok=True)
        owners = {os.geteuid(), home.account.pw_uid if home.account else os.geteuid()}
        # The name is easy to guess and the folder for temporary files is open to all: trust only what is ours.
        if not stat.S_ISDIR(path.lstat().st_mode) or path.lstat().st_uid not in owners:
            link.unlink(missing_ok=True)
            raise StartupError(f"{path} belongs to somebody else: remove it, or set TMPDIR to a folder of your own.")
        path.chmod(0o700)
        home.give(path)
        if not link.is_symlink():
            link.symlink_to(path)


def reachable(path: Path) -> bool:
    """Whether every account may enter `path`."""
    resolved = path.resolve()
    return all(folder.stat().st_mode & EVERYONE_MAY_PASS for folder in (resolved, *resolved.parents))


def _readable(installed: Path) -> bool:
    return all(
        path.stat().st_mode & (EVERYONE_MAY_PASS if path.is_dir() else stat.S_IROTH) for path in installed.rglob("*")
    )


def _moved_home(state: Path) -> Path | None:
    """Where `.shopai/services` points, made for a state folder that other accounts can't enter."""
    link = state / "services"
    if link.is_symlink() and link.is_dir():
        return link.resolve()
    if reachable(state):
        return None
    home = Path(tempfile.mkdtemp(prefix="shopai-", dir="/var/lib"))
    home.chmod(0o711)
    link.unlink(missing_ok=True)
    link.symlink_to(home)
    return home


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", ACCOUNT], check=True, capture_output=True)
        return pwd.getpwnam(ACCOUNT)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise StartupError(
            f"PostgreSQL does not run as root, and no account {ACCOUNT!r} could be made: start as another user."
        ) from None
