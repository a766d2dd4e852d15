"""Whether the servers that DATABASE_URL and REDIS_URL name answer. Messages never hold a password."""

import os
from urllib.parse import urlsplit

from shopai.embedded.errors import StartupError

SECONDS = 5


def check_database() -> None:
    import psycopg

    url = os.environ["DATABASE_URL"]
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise StartupError("DATABASE_URL must begin with postgresql://")
    try:
        psycopg.connect(url, connect_timeout=SECONDS).close()
    except psycopg.Error as error:
        raise StartupError(f"DATABASE_URL: PostgreSQL does not answer: {_one_line(error, url)}") from None


def check_redis() -> None:
    import redis

    url = os.environ["REDIS_URL"]
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=None)
        client.ping()
        client.close()
    except (redis.RedisError, ValueError, OSError) as error:
        raise StartupError(f"REDIS_URL: Redis does not answer: {_one_line(error, url)}") from None


def _one_line(error: Exception, url: str) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    try:
        password = urlsplit(url).password
    except ValueError:
        password = None
    return text.replace(password, "***") if password else text
