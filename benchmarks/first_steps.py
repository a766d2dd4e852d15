"""A new user's first minutes, in a fresh clone: seconds to the first working page and to the first approved text.

Clones this repository's last commit into an empty folder, types `make run`, logs in with a real browser, opens the review
desk of the demo shop and approves the first sheet. The packages come from wherever pip finds them, so the first figure
is mostly the speed of the network and of unpacking.
"""

import argparse
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from _server import browser_page, free_port, wait_for_page
from _system import BASE_DIR, table

PASSWORD = "first-steps-1"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", action="store_true", help="leave the clone where it is")
    args = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="shopai-first-"))
    folder.chmod(0o755)
    clone = folder / "shopai"
    subprocess.run(["git", "clone", "-q", str(BASE_DIR), str(clone)], check=True)
    try:
        rows = [
            ["first start", *first_minutes(clone, approves=True)],
            ["second start", *first_minutes(clone, approves=False)],
        ]
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    table("From typing `make run` (seconds)", ["", "first page", "all ready", "first approved text", "stopped"], rows)
    return 0


def first_minutes(clone: Path, *, approves: bool) -> list[str]:
    port = free_port()
    known = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHOPAI_", "DATABASE_", "REDIS_"))
    }
    environment = known | {"PORT": str(port), "SHOPAI_PASSWORD": PASSWORD}
    environment.pop("VIRTUAL_ENV", None)
    began = time.monotonic()
    with (clone.parent / "log").open("ab") as log:
        run = subprocess.Popen(
            ["make", "run"], cwd=clone, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for_page(f"{base}/admin/login/", seconds=900)
        page_seconds = time.monotonic() - began
        wait_for_page(f"{base}/readyz", seconds=300)
        ready = time.monotonic() - began
        approved = approve_first(base, began) if approves else None
    finally:
        stopping = time.monotonic()
        os.killpg(run.pid, signal.SIGTERM)
        run.wait(60)
        stopped = time.monotonic() - stopping
    return [f"{page_seconds:.1f}", f"{ready:.1f}", f"{approved:.1f}" if approved else "-", f"{stopped:.1f}"]


def approve_first(base: str, began: float) -> float:
    from tests.e2e import flow

    with browser_page() as page:
        page.set_default_timeout(120_000)
        flow.sign_in(page, base, "operator", PASSWORD)
        deadline = time.monotonic() + 120
        page.goto(f"{base}/admin/desk/?severity=0")
        while not page.locator("[data-field].is-selected").count():
            assert time.monotonic() < deadline, "no clean draft came to the desk"
            time.sleep(0.5)  # the model still writes the first ones
            page.goto(f"{base}/admin/desk/?severity=0")
        page.wait_for_timeout(flow.DEAF_MS)
        with page.expect_response("**/desk/decide/") as decided:
            page.keyboard.press(flow.APPROVE_KEY)
        assert decided.value.ok, decided.value.status
        return time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
