"""The one flow as a person does it in a browser: upload, let the model write, decide at the desk, export.

Used by the browser test and by the benchmark over real files; both look at the database only to judge.
"""

from pathlib import Path

NEXT_KEY, APPROVE_KEY = "n", "a"
DEAF_MS = 450  # a sheet's keys are deaf for its first 400 ms


def sign_in(page, base: str, username: str, password: str) -> None:
    page.goto(f"{base}/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")


def upload(page, base: str, path: Path, *, shop: str) -> None:
    """Upload a file for a new shop and import it; ends on the page that says so."""
    page.goto(f"{base}/admin/imports/upload/")
    page.set_input_files("input[type=file]", path)
    page.select_option("select[name=shop]", "+")
    page.fill("[name=shop_code]", shop)
    page.select_option("select[name=language]", "en")
    page.click("#upload button.is-main")
    page.wait_for_url("**/understood/")
    page.click("button[name=go]")
    page.wait_for_url("**/preview/", timeout=120_000)
    page.click(".job-actions button.is-main")
    page.wait_for_url("**/done/", timeout=300_000)


def write_copy(page, *, seconds: int = 600) -> None:
    """From the page of a finished import: ask for copy of all that is new, without a sample; ends when it is written."""
    page.click(".job-actions a.is-main")
    page.wait_for_url("**/generate/**")
    if page.locator("[name=sample_first]").count():
        page.uncheck("[name=sample_first]")
    page.click("button[name=confirm]")
    page.wait_for_url("**/work/job/**")
    page.wait_for_selector(".job-state.is-done", timeout=seconds * 1000)


def review(page) -> dict[str, int]:
    """From the page of a finished job: approve every clean sheet by key, pass over the others; counts of both."""
    page.click("a:has-text('Review')")
    page.wait_for_selector("[data-field].is-selected, [data-empty]")
    seen, counts = set(), {"approved": 0, "passed": 0}
    while not page.locator("[data-empty]").count():
        address = page.evaluate("location.pathname")
        if address in seen:
            break
        seen.add(address)
        page.wait_for_timeout(DEAF_MS)
        is_clean = page.locator("[data-do=approve_sheet]:not([disabled]):not([aria-disabled=true])").count() > 0
        page.keyboard.press(APPROVE_KEY if is_clean else NEXT_KEY)
        counts["approved" if is_clean else "passed"] += 1
        page.wait_for_function(
            "was => location.pathname !== was || document.querySelector('[data-empty]')", arg=address, timeout=15_000
        )
    page.wait_for_timeout(1000)  # the last decision is sent behind the page
    return counts


def export(page, base: str, *, shop: str, folder: Path) -> list[Path]:
    """Export the shop's approved copy; the files as the browser fetched them."""
    page.goto(f"{base}/admin/products/export/?shop={shop}&kind=copy")
    page.click(".export-go button.is-main")
    page.wait_for_url("**done=**")
    files = []
    for link in page.locator(".export-files a").all():
        with page.expect_download() as download:
            link.click()
        target = folder / download.value.suggested_filename
        download.value.save_as(target)
        files.append(target)
    return files
