"""What a start needs before the first request: tables, static files, the demo shop once, the first user's password.

Run as `python -m shopai.prepare` by the supervisor, in a process of its own, so that the supervisor stays small.
"""

import os
import secrets
import sys
from pathlib import Path

OPERATOR = "operator"


def main() -> int:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import CommandError
    from django.db import Error

    from shopai.embedded import StartupError, as_startup_error, state_dir

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")
    try:
        with as_startup_error(state_dir()):
            django.setup()
            prepare()
    except (Error, CommandError, ImproperlyConfigured, StartupError) as error:
        print(f"shopai: {_explain(error)}", file=sys.stderr)
        return 2
    return 0


def prepare() -> None:
    """Bring the database up to date and make what a first visit needs. Safe to run again, and after a run cut off."""
    from django.core.management import call_command

    migrated = _migrate()
    if migrated:
        _say(f"{migrated} migrations applied")
    call_command("collectstatic", interactive=False, verbosity=0)
    _ensure_operator()
    _load_demo()


def password_file() -> Path:
    from shopai.embedded import state_dir

    return state_dir() / "password"


def _migrate() -> int:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def _ensure_operator() -> None:
    """The first user: a superuser, because someone has to make the others. A password changed in the browser stays."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    from apps.core.roles import MANAGER

    User = get_user_model()
    wanted = os.environ.get("SHOPAI_PASSWORD", "")
    user = User.objects.filter(username=OPERATOR).first()
    if user is None:
        password = wanted or _kept_password() or secrets.token_urlsafe(12)
        _keep(password)
        user = User.objects.create_superuser(OPERATOR, password=password)
        user.groups.add(Group.objects.get(name=MANAGER))
    elif wanted and not user.check_password(wanted):
        _keep(wanted)
        user.set_password(wanted)
        user.save(update_fields=["password"])


def _kept_password() -> str:
    return password_file().read_text().strip() if password_file().exists() else ""


def _keep(password: str) -> None:
    # Written before the user is saved: a cut in between leaves a password that the next start takes up.
    path = password_file()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")


def _load_demo() -> None:
    """The demo shop, on the first start of an empty installation only: whoever deletes it does not get it back."""
    from django.apps import apps
    from django.core.management import call_command, get_commands

    from shopai.environment import env_bool

    marker = password_file().with_name("demo-offered")
    if marker.exists() or "load_demo" not in get_commands():
        return
    if env_bool("SHOPAI_DEMO", True) and not apps.get_model("products", "Shop").objects.exists():
        _say("loading the demo shop (SHOPAI_DEMO=0 starts without it)")
        call_command("load_demo")
    marker.touch()


def _explain(error: Exception) -> str:
    from shopai.embedded.errors import StartupError, tells_of_full_disk

    text = " ".join(str(error).split())
    if isinstance(error, StartupError):
        return text
    if tells_of_full_disk(text):
        return "the disk is full: the database can't write. Free some space and start again."
    return f"the database could not be prepared: {text}" if text else type(error).__name__


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
