"""For load balancers and container health checks: /healthz (this process lives) and /readyz (work can be done)."""

from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.work import liveness

QUEUES = ("default", "model")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where all parts are ok, else 503; the same keys in both, with a reason beside each part that is not ok."""
    broker = _broker()
    workers = {queue: _worker(queue, broker) for queue in QUEUES}
    parts = {"database": _database(), "broker": broker, "workers": workers, "model": _model(broker, workers["model"])}
    ready = all(part["ok"] for part in (parts["database"], broker, *workers.values())) and parts["model"]["ready"]
    response = JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)
    # A prober asks every few seconds; the body says what is missing, and Django would log each answer as an error.
    response._has_been_logged = True
    return response


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError as error:
        return _failed(error)
    return {"ok": True}


def _broker() -> dict[str, Any]:
    try:
        liveness.client().ping()
    except (redis.RedisError, OSError) as error:
        return _failed(error)
    return {"ok": True}


def _worker(queue: str, broker: dict[str, Any]) -> dict[str, Any]:
    count = len(liveness.alive(queue)) if broker["ok"] else 0
    if count:
        return {"ok": True, "count": count}
    reason = f"no worker of the queue {queue} has been seen in the last {liveness.SECONDS} s"
    return {"ok": False, "count": 0, "reason": reason if broker["ok"] else "the broker does not answer"}


def _model(broker: dict[str, Any], worker: dict[str, Any]) -> dict[str, Any]:
    """A model loads on its first use, so before that its name and its files must do."""
    source = settings.SHOPAI_MODEL
    told = liveness.models() if broker["ok"] else []
    state = {"name": source, "loaded": False, "ready": False}
    if told:
        state |= {key: told[0][key] for key in ("name", "loaded") if told[0].get(key)}
        if told[0].get("reason"):
            state["reason"] = "the model could not be loaded; the model worker's log says why"
    if Path(state["name"]).is_absolute():  # the page is open to all: no folder of this machine
        state["name"] = Path(state["name"]).name
    if not worker["ok"]:
        return {**state, "reason": worker["reason"]}
    if Path(source).is_absolute() and not (Path(source) / "config.json").is_file():
        return {**state, "reason": "SHOPAI_MODEL names a folder without a model"}
    return {**state, "ready": "reason" not in state}


def _failed(error: Exception) -> dict[str, Any]:
    # The class says what kind of failure it is; the text may name hosts and users, and this page is open to all.
    return {"ok": False, "reason": type(error).__name__}
