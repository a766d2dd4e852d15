"""Starts the embedded services once for the whole run, in a state folder of the tests' own.

A developer's running `make run` in the same checkout is left alone. The settings are named here and not in
pyproject.toml, because pytest-django would read them before this file could choose the folder.
"""

import contextlib
import os
from pathlib import Path

import django
import pytest

BASE_DIR = Path(__file__).resolve().parent.parent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")
os.environ.setdefault("SHOPAI_STATE_DIR", str(BASE_DIR / ".shopai" / "test"))
# What a power cut would lose does not matter here.
os.environ.setdefault("SHOPAI_EMBEDDED_POSTGRES_OPTIONS", "-c fsync=off -c full_page_writes=off")
os.environ.setdefault("OMP_NUM_THREADS", "1")

django.setup()  # before the conftest.py of a folder imports a model

_services = contextlib.ExitStack()


def pytest_sessionstart(session: pytest.Session) -> None:
    from shopai import embedded

    if session.config.option.collectonly:
        return
    try:
        _services.enter_context(embedded.hold())
    except embedded.StartupError as error:
        pytest.exit(f"shopai: {error}", returncode=2)


def pytest_unconfigure(config: pytest.Config) -> None:
    _services.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """pytest-playwright's launch options for the Chromium that `make test` found."""
    from tests import chromium

    return {**browser_type_launch_args, "executable_path": chromium.executable(), "args": chromium.ARGUMENTS}
