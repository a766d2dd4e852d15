"""Where the state, the sockets and the two services are. Read by the settings, so only the standard library here."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def uses_embedded_postgres() -> bool:
    return not os.environ.get("DATABASE_URL")


def uses_embedded_redis() -> bool:
    return not os.environ.get("REDIS_URL")


def state_dir() -> Path:
    return Path(os.environ.get("SHOPAI_STATE_DIR") or BASE_DIR / ".shopai").absolute()


def socket_dir() -> Path:
    # What the first start chose: a process with another TMPDIR, or one that meets a full /tmp, must find the same place.
    with contextlib.suppress(OSError):
        return Path(os.readlink(state_dir() / "sockets"))
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
