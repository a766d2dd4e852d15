"""Reading settings from the environment; a wrong value fails with a line that names the variable."""

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def env_int(name: str, default: int) -> int:
    return _number(name, default, int)


def env_float(name: str, default: float) -> float:
    return _number(name, default, float)


def env_list(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name, "")
    return [item.strip() for item in value.split(",") if item.strip()] if value.strip() else default


def _number(name, default, kind):
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return kind(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}") from None


def secret_key(state_dir: Path) -> str:
    """SHOPAI_SECRET_KEY, or one made once and kept, readable by its owner alone, in the state folder."""
    if key := os.environ.get("SHOPAI_SECRET_KEY"):
        return key
    path = state_dir / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    try:
        return _make_secret_key(path)
    except OSError as error:
        reason = f"no key can be kept in {state_dir} ({error.strerror})"
        raise ImproperlyConfigured(f"Set SHOPAI_SECRET_KEY: {reason}") from None


def _make_secret_key(path: Path) -> str:
    """Complete under its name or not there at all, whoever else makes it now and however full the disk is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_text()
