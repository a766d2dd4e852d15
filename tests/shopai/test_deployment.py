"""docker-compose.yml, Dockerfile and Procfile against what docs/operating.md promises; read, not run."""

import re
from pathlib import Path

import pytest
import yaml

from shopai.processes import read_procfile

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "default", "model", "beat")


def test_compose_has_every_part():
    assert set(SERVICES) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_container_runs_as_root(name):
    assert str(SERVICES[name]["user"]).split(":")[0] not in ("0", "root", "")


def test_image_drops_root_for_good():
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert users[-1] == "shopai"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert check["retries"] >= 3


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET)\w*)(:?[-?])", text)
    assert {name for name, _ in secrets} == {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "SHOPAI_SECRET_KEY"}
    assert {operator for _, operator in secrets} == {":?"}


def test_model_worker_reserves_a_gpu():
    (device,) = SERVICES["model"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]


@pytest.mark.parametrize("name", ["web", "default", "model", "beat"])
def test_processes_wait_for_the_migrations(name):
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", ["default", "model", "beat"])
def test_compose_and_make_run_start_the_same_process(name):
    assert SERVICES[name]["command"] == read_procfile(ROOT / "Procfile")[name]


def test_state_outlives_the_containers():
    assert set(COMPOSE["volumes"]) == {"state", "postgres", "redis"}
    for name in OURS:
        assert SERVICES[name]["volumes"] == ["state:/var/lib/shopai"]


def test_servers_publish_no_port():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["web"]
