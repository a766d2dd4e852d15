import pytest
import redis
from django.db import OperationalError

from apps.work import liveness
from shopai import health


@pytest.fixture
def model_folder(settings, tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "config.json").write_text("{}")
    settings.SHOPAI_MODEL = str(tmp_path / "tiny")


@pytest.fixture
def _workers():
    liveness.client().flushdb()
    for queue in health.QUEUES:
        liveness.beat(queue=queue, hostname=f"{queue}@here")


def test_https_keeps_the_health_checks_on_http(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
    assert client.get("/admin/login/").status_code == 301


def test_healthz_asks_nobody(client, monkeypatch):
    monkeypatch.setattr(health, "_database", lambda: 1 / 0)
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("model_folder", "_workers")
def test_readyz_is_200_when_work_can_be_done(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": {"ok": True},
        "broker": {"ok": True},
        "workers": {"default": {"ok": True, "count": 1}, "model": {"ok": True, "count": 1}},
        "model": {"name": "tiny", "loaded": False, "ready": True},
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("model_folder", "_workers")
def test_readyz_names_the_model_that_a_worker_has_loaded(client):
    liveness.report_model(name="shopai-mini", loaded=True)

    assert client.get("/readyz").json()["model"] == {"name": "shopai-mini", "loaded": True, "ready": True}


@pytest.mark.django_db
@pytest.mark.usefixtures("model_folder", "_workers")
@pytest.mark.parametrize("queue", health.QUEUES)
def test_readyz_is_503_without_a_worker(client, queue):
    liveness.gone(queue=queue, hostname=f"{queue}@here")
    response = client.get("/readyz")

    assert response.status_code == 503
    assert queue in response.json()["workers"][queue]["reason"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_workers")
def test_readyz_is_503_without_the_models_files(client, settings, tmp_path):
    settings.SHOPAI_MODEL = str(tmp_path / "nothing")
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["model"]["reason"] == "SHOPAI_MODEL names a folder without a model"


@pytest.mark.django_db
@pytest.mark.usefixtures("model_folder", "_workers")
def test_readyz_is_503_when_the_model_could_not_be_loaded(client):
    liveness.report_model(name="tiny", loaded=False, reason="not enough memory")
    response = client.get("/readyz")

    assert response.status_code == 503
    model = response.json()["model"]
    assert (model["loaded"], model["ready"]) == (False, False)
    assert "could not be loaded" in model["reason"]
    assert "memory" not in response.content.decode()  # the page is open to all


@pytest.mark.django_db
@pytest.mark.usefixtures("model_folder")
def test_readyz_without_a_broker_is_503_and_says_no_address(client, monkeypatch):
    nowhere = redis.Redis(unix_socket_path="/nonexistent/redis.sock", retry=None)
    monkeypatch.setattr(liveness, "client", lambda: nowhere)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == {"ok": False, "reason": "ConnectionError"}
    assert response.json()["workers"]["model"]["reason"] == "the broker does not answer"
    assert b"nonexistent" not in response.content


@pytest.mark.django_db
@pytest.mark.usefixtures("model_folder", "_workers")
def test_readyz_without_a_database_is_503(client, monkeypatch):
    def refuse():
        raise OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == {"ok": False, "reason": "OperationalError"}
