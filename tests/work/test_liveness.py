import json

import pytest
import redis

from apps.work import liveness
from tests.processes import celery_worker, wait_until

pytestmark = pytest.mark.usefixtures("_empty_redis")


@pytest.fixture
def _empty_redis():
    liveness.client().flushdb()


def test_worker_that_beats_is_alive_in_its_queue_only():
    liveness.beat(queue="model", hostname="model@here", pid=7)

    assert liveness.alive("model") == [{"queue": "model", "hostname": "model@here", "pid": 7}]
    assert liveness.alive("default") == []


def test_beat_is_forgotten_after_the_time_of_a_few_beats():
    liveness.beat(queue="model", hostname="model@here")

    assert 0 < liveness.client().ttl("shopai:worker:model:model@here") <= liveness.SECONDS


def test_worker_that_is_gone_is_not_alive():
    liveness.beat(queue="model", hostname="model@here")
    liveness.gone(queue="model", hostname="model@here")

    assert liveness.alive("model") == []


def test_model_report_is_read_back():
    liveness.report_model(name="tiny", loaded=True, dtype="float32")

    (model,) = liveness.models()
    assert (model["name"], model["loaded"], model["dtype"]) == ("tiny", True, "float32")


def test_beat_survives_a_broker_that_is_gone(monkeypatch):
    nowhere = redis.Redis(unix_socket_path="/nonexistent/redis.sock", retry=None)
    monkeypatch.setattr(liveness, "client", lambda: nowhere)

    liveness.beat(queue="model", hostname="model@here")
    with pytest.raises(redis.ConnectionError):
        liveness.alive("model")


@pytest.mark.django_db(transaction=True)
def test_real_worker_beats_while_it_lives_and_withdraws_when_it_stops():
    with celery_worker("default", name="beating") as process:
        (worker,) = liveness.alive("default")
        assert worker["pid"] == process.pid
        assert json.loads(liveness.client().get(f"shopai:worker:default:{worker['hostname']}")) == worker
        process.terminate()
        process.wait(15)
    wait_until(lambda: not liveness.alive("default"), seconds=liveness.SECONDS + 2)
