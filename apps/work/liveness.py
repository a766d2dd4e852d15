"""Which workers live, and what model they hold: keys in Redis that vanish by themselves.

Celery's own `inspect ping` waits for the slowest answer and can't be asked from a page; a key is read at once.
"""

import json
import os
import socket
from contextlib import suppress
from threading import Event
from typing import Any

import redis
from celery.signals import heartbeat_sent, worker_shutting_down

from apps.work.broker import client

_is_stopping, _has_beaten = Event(), Event()
SECONDS = 15  # a worker beats every 2 s; a key that is older than this belongs to a dead one


def beat(*, queue: str, hostname: str, pid: int | None = None) -> None:
    """Say that this worker lives. Raises nothing: a broker that is gone must not end a worker."""
    value = {"queue": queue, "hostname": hostname, "pid": pid or os.getpid()}
    _write(_worker_key(queue, hostname), value)


def gone(*, queue: str, hostname: str) -> None:
    """Say that this worker takes no more work. Raises nothing."""
    with suppress(redis.RedisError):
        client().delete(_worker_key(queue, hostname))


def alive(queue: str) -> list[dict[str, Any]]:
    """Workers of a queue that have beaten in the last SECONDS: {queue, hostname, pid}. Raises redis.RedisError."""
    return _read(f"shopai:worker:{queue}:*")


def report_model(*, name: str, loaded: bool, reason: str = "", **more: Any) -> None:
    """What the model worker's child holds; to be said again within an hour (it also is after every slice)."""
    value = {"name": name, "loaded": loaded, "reason": reason, "pid": os.getpid(), **more}
    _write(f"shopai:model:{socket.gethostname()}", value, seconds=3600)


def forget_model() -> None:
    """Drop what the worker before this one said: a new one has loaded nothing yet, and may succeed where that failed."""
    with suppress(redis.RedisError):
        client().delete(f"shopai:model:{socket.gethostname()}")


def models() -> list[dict[str, Any]]:
    """What model workers have reported, at least {name, loaded, reason, pid}. Raises redis.RedisError."""
    return _read("shopai:model:*")


def connect() -> None:
    """Make this process's Celery worker beat. Called when a worker is made, before its heart is."""
    heartbeat_sent.connect(_on_heartbeat, dispatch_uid="work.liveness")
    worker_shutting_down.connect(_on_shutting_down, dispatch_uid="work.liveness")


def _on_heartbeat(sender: Any, **kwargs: Any) -> None:
    # The heart's event dispatcher knows the worker's node name, its application the queues that the worker consumes.
    say = gone if _is_stopping.is_set() else beat
    queues = sender.eventer.app.amqp.queues.consume_from
    if "model" in queues and not _has_beaten.is_set():
        _has_beaten.set()
        forget_model()
    for queue in queues:
        say(queue=queue, hostname=sender.eventer.hostname)


def _on_shutting_down(**kwargs: Any) -> None:
    # Runs inside a signal handler, where Redis's client may hold its lock: leave the rest to the next heartbeat.
    _is_stopping.set()


def _worker_key(queue: str, hostname: str) -> str:
    return f"shopai:worker:{queue}:{hostname}"


def _write(key: str, value: dict[str, Any], seconds: int = SECONDS) -> None:
    with suppress(redis.RedisError):
        client().set(key, json.dumps(value), ex=seconds)


def _read(pattern: str) -> list[dict[str, Any]]:
    # SCAN walks every key, but Redis holds little: queues, the cache and these.
    keys = sorted(client().scan_iter(match=pattern, count=1000))
    values = client().mget(keys) if keys else []
    return [json.loads(value) for value in values if value]
