"""Takes the pictures of the README from a running demo shop: python docs/pictures/take.py http://localhost:8000 PASSWORD

Start from a fresh demo shop (an empty SHOPAI_STATE_DIR) and run it from the repository's root; it uploads a file, asks for
copy of it and decides on some sheets. Needs requirements-dev.txt.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests import chromium
from tests.e2e import flow

FOLDER = Path(__file__).parent
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MUGS = """Article,Name,Brand,Colour,Capacity,Material,Price
TM-1,Cairn Trail Mug,Cupmoor,slate,350 ml,enamelled steel,14.50
TM-2,Harbour Trail Mug,Cupmoor,navy,350 ml,enamelled steel,14.50
TM-3,Fern Camp Mug,Cupmoor,green,450 ml,stainless steel,18.00
TM-4,,Cupmoor,green,450 ml,stainless steel,18.00
TM-5,Dune Camp Mug,Cupmoor,sand,450 ml,stainless steel,18.00,extra
"""
EARBUDS = {
    "en": "Put them in and forget them: each earbud weighs 4.6 g and plays for seven hours on one charge, 28 hours with the case. "
    "Three levels of noise cancelling keep the train outside, and IPX4 means that rain is no reason to stop. "
    "They charge over USB-C in 90 minutes.",
    "zh": "单只仅重4.6克，久戴不累。单次续航7小时，配合充电盒可达28小时。三档主动降噪，IPX4防水，雨天通勤也放心。90分钟即可充满。",
}


def main() -> None:
    base, password = sys.argv[1].rstrip("/"), sys.argv[2]
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGUMENTS)
        desk(browser, base, password)
        evidence(browser, base, password)
        upload(browser, base, password, Path(folder))
        others(browser, base, password)
        browser.close()


def open_page(browser: Browser, base: str, password: str, *, size: dict, language: str = "en", **options) -> Page:
    context = browser.new_context(viewport=size, locale=language, **options)
    page = context.new_page()
    flow.sign_in(page, base, "operator", password)
    return page


def desk(browser: Browser, base: str, password: str) -> None:
    page = open_page(browser, base, password, size=DESKTOP)
    page.goto(f"{base}/admin/desk/")
    for _sheet in range(4):
        page.wait_for_selector("[data-field].is-selected")
        page.wait_for_timeout(flow.DEAF_MS)
        page.keyboard.press(flow.APPROVE_KEY)
        page.wait_for_timeout(800)
    page.goto(f"{base}/admin/desk/")
    page.wait_for_selector("[data-field].is-selected")
    save(page, "desk")
    phone = open_page(browser, base, password, size=PHONE, has_touch=True, is_mobile=True)
    phone.goto(f"{base}/admin/desk/")
    phone.wait_for_selector("[data-field].is-selected")
    save(phone, "desk-phone")
    page.goto(f"{base}/admin/")
    save(page, "home")


def evidence(browser: Browser, base: str, password: str) -> None:
    """The earbuds’ sheet with a text that claims more than the facts say; a draft in each language must wait there."""
    page = open_page(browser, base, password, size=DESKTOP)
    open_sheet(page, base, EARBUDS["en"], "en")
    page.click(".desk-fact:has-text('Battery life with case') button")
    point_at(page, ".is-selected [data-marks] .is-block")
    page.wait_for_selector("#desk-ways:popover-open")
    save(page, "desk-evidence")
    phone = open_page(browser, base, password, size=PHONE, language="zh-CN", has_touch=True, is_mobile=True)
    open_sheet(phone, base, EARBUDS["zh"], "zh-Hans")
    x, y = place_of(phone, ".is-selected [data-marks] [data-facts]:has-text('28')")
    phone.touchscreen.tap(x, y)
    phone.wait_for_selector(".desk-aside.is-open")
    save(phone, "desk-evidence-zh")


def open_sheet(page: Page, base: str, text: str, language: str) -> None:
    """Put `text` into the long description on the earbuds' sheet and wait until it is checked."""
    page.goto(f"{base}/admin/products/product/?q=earbuds")
    address = page.locator("#result_list tbody a").first.get_attribute("href")
    page.goto(f"{base}/admin/desk/description/{address.split('/product/')[1].split('/')[0]}/")
    field = page.locator(f"[data-field]:has([data-text][lang='{language}'])").first
    field.locator(".desk-field-head").click()
    field.locator("[data-text]").fill(text)
    field.locator("[data-marks] .is-block").first.wait_for()
    page.keyboard.press("Escape")


def place_of(page: Page, selector: str) -> tuple[float, float]:
    rect = page.locator(selector).first.evaluate("each => each.getClientRects()[0].toJSON()")
    return rect["x"] + rect["width"] / 2, rect["y"] + rect["height"] / 2


def point_at(page: Page, selector: str) -> None:
    page.mouse.move(*place_of(page, selector))


def upload(browser: Browser, base: str, password: str, folder: Path) -> None:
    page = open_page(browser, base, password, size=DESKTOP)
    (folder / "mugs.csv").write_text(MUGS)
    page.goto(f"{base}/admin/imports/upload/")
    page.set_input_files("input[type=file]", folder / "mugs.csv")
    page.select_option("select[name=shop]", "web")
    page.click("#upload button.is-main")
    page.wait_for_url("**/understood/")
    page.click("button[name=go]")
    page.wait_for_url("**/preview/")
    save(page, "upload-preview")


def others(browser: Browser, base: str, password: str) -> None:
    page = open_page(browser, base, password, size=DESKTOP)
    page.goto(f"{base}/admin/products/product/generate/?all=1")
    page.click("button[name=confirm]")
    page.wait_for_url("**/work/job/**")
    page.wait_for_selector("button[value=release]", timeout=120_000)
    save(page, "job")
    page.goto(f"{base}/admin/products/product/?q=earbuds")
    page.click("#result_list tbody a >> nth=0")
    page.wait_for_selector("#product")
    save(page, "product")
    chinese = open_page(browser, base, password, size=DESKTOP, language="zh-CN")
    chinese.goto(f"{base}/admin/products/product/")
    save(chinese, "products-zh")


def save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
