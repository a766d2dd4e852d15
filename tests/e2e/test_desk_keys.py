"""The desk's keys in a real browser: what they decide, and where they must be dead."""

import pytest

from apps.drafts.models import Draft
from tests import factories
from tests.e2e.conftest import wake

pytestmark = [pytest.mark.e2e]
GOOD = factories.GOOD_TEXT
FALSE = GOOD.replace("1.7", "9")


def sheet(*texts, fields=("long_description",), **product):
    made = factories.product(in_shop=factories.shop(), **product)
    return [factories.delivered(made, *texts, field=field) for field in fields]


def approved() -> int:
    return Draft.objects.filter(status="approved").count()


def until(page, is_true) -> None:
    """Let the browser go on until `is_true()` in the database."""
    for _try in range(100):
        if is_true():
            return
        page.wait_for_timeout(50)
    assert is_true()


def wait_for(page, count: int) -> None:
    """Until `count` drafts are approved."""
    until(page, lambda: approved() == count)


def title(page) -> str:
    return page.inner_text("#desk-title")


def press_in_page(page, key: str, **values) -> None:
    """A key press that a keyboard can't make here: held down, or part of a composition."""
    page.evaluate(
        "([key, values]) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...values}))",
        [key, values],
    )


def test_one_key_approves_the_sheet_and_the_next_one_is_there_without_a_reload(desk):
    sheet(title="Alder kettle", fields=("long_description", "mobile_description"))
    sheet(title="Birch kettle")
    page = desk()
    first, address = title(page), page.url
    page.evaluate("window.isSamePage = true")
    page.keyboard.press("a")
    page.wait_for_function("title => document.getElementById('desk-title').innerText !== title", arg=first)
    wait_for(page, 2)
    assert page.evaluate("window.isSamePage")
    assert page.url != address
    assert "/admin/desk/description/" in page.url


def test_the_sheet_key_leaves_what_is_not_clean_and_shows_it(desk):
    made = factories.product(in_shop=factories.shop())
    factories.delivered(made, GOOD, field="long_description")
    blocked = factories.delivered(made, FALSE, field="mobile_description")
    page = desk()
    page.keyboard.press("a")
    wait_for(page, 1)
    selected = page.locator("[data-field].is-selected")
    assert selected.get_attribute("data-field") == str(blocked.pk)
    assert "blocked" in selected.inner_text()


def test_a_blocking_finding_blocks_and_says_why(desk):
    sheet(FALSE)
    page = desk()
    page.keyboard.press("f")
    page.click("[data-do=approve_field]", force=True)
    assert "No confirmed fact says" in page.locator(".desk-notice.is-problem").first.inner_text()
    assert page.locator("[data-do=approve_field]").get_attribute("aria-disabled") == "true"
    assert page.locator(".desk-mark.is-block").inner_text().startswith("9")
    assert approved() == 0


def test_keys_are_dead_in_the_text_until_esc_leaves_it(desk):
    sheet()
    page = desk()
    page.keyboard.press("e")
    page.keyboard.type(" a f r p g n")
    assert page.locator("dialog[open]").count() == 0
    assert page.input_value("[data-text]").endswith(" a f r p g n")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
    page.keyboard.press("r")
    assert page.locator("#desk-reject[open]").count() == 1
    page.keyboard.press("a")
    assert approved() == 0


def test_keys_are_ignored_while_held_down_or_while_an_input_method_composes(desk):
    sheet()
    page = desk()
    press_in_page(page, "a", repeat=True)
    press_in_page(page, "a", isComposing=True)
    press_in_page(page, "a", keyCode=229)
    page.evaluate("document.dispatchEvent(new CompositionEvent('compositionstart'))")
    press_in_page(page, "a")
    press_in_page(page, "a", ctrlKey=True)
    page.wait_for_timeout(300)
    assert approved() == 0
    page.evaluate("document.dispatchEvent(new CompositionEvent('compositionend'))")
    press_in_page(page, "a")
    wait_for(page, 1)


def test_keys_are_deaf_for_the_first_400_ms_of_every_sheet(desk):
    sheet(title="Alder kettle"), sheet(title="Birch kettle")
    page = desk()
    first = title(page)
    # Both in one go: the second one can't have been meant for the sheet that the first one brings.
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.wait_for_function("title => document.getElementById('desk-title')?.innerText !== title", arg=first)
    page.keyboard.press("a")
    wake(page)
    assert approved() == 1
    page.keyboard.press("a")
    wait_for(page, 2)


def test_a_draft_that_is_hidden_or_just_back_in_view_hears_no_key(desk):
    sheet()
    page = desk()
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", {value: true, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    page.keyboard.press("a")
    page.evaluate("""() => {
        delete document.hidden;
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    page.keyboard.press("a")
    wake(page)
    assert approved() == 0
    page.keyboard.press("a")
    wait_for(page, 1)


def test_digits_choose_candidates_and_what_is_seen_is_approved(desk):
    second = GOOD + " It is light."
    sheet(GOOD, second)
    page = desk()
    page.keyboard.press("2")
    assert page.input_value("[data-text]") == second
    wake(page)
    page.keyboard.press("f")
    wait_for(page, 1)
    assert Draft.objects.get().text == second


def test_a_reason_is_asked_for_and_the_decision_can_be_taken_back(desk):
    (draft,) = sheet(title="Alder kettle")
    page = desk()
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-empty]")
    until(page, lambda: Draft.objects.get().reason == "tone")
    page.keyboard.press("u")
    page.wait_for_selector(f"[data-field='{draft.pk}']")
    assert Draft.objects.get().status == "in_review"


def test_a_last_decision_is_taken_back_from_the_panel(desk):
    sheet(title="Alder kettle"), sheet(title="Birch kettle")
    page = desk()
    page.keyboard.press("a")
    wait_for(page, 1)
    page.click("[data-open=desk-last]")
    page.click("[data-take-back]")
    wait_for(page, 0)
    page.wait_for_selector("#desk-last li:has-text('taken back')")


def test_keys_are_shown_remapped_and_switched_off(desk):
    sheet()
    page = desk()
    page.keyboard.press("?")
    assert "Approve every clean field" in page.inner_text("#desk-help")
    page.keyboard.press("Escape")
    page.click("[data-open=desk-settings]")
    page.fill("[name=key_approve_sheet]", "y")
    page.click("#desk-settings [type=submit]")
    page.wait_for_selector("#desk-settings:not([open])", state="attached")
    page.keyboard.press("a")
    page.click("[data-open=desk-settings]")
    page.uncheck("[name=hasKeys]")
    page.click("#desk-settings [type=submit]")
    page.wait_for_selector("#desk-settings:not([open])", state="attached")
    page.keyboard.press("y")
    page.reload()
    wake(page)
    page.keyboard.press("y")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.locator("dialog[open]").count() == 0
    assert approved() == 0
    page.click("[data-open=desk-settings]")
    page.check("[name=hasKeys]")
    page.click("#desk-settings [type=submit]")
    page.wait_for_selector("#desk-settings:not([open])", state="attached")
    page.keyboard.press("y")
    wait_for(page, 1)


def test_a_parked_draft_keeps_its_note_and_leaves_the_queue(desk):
    (draft,) = sheet(title="Alder kettle")
    sheet(title="Birch kettle", category="Lamps")
    page = desk()
    page.keyboard.press("p")
    page.keyboard.type("ask Tom about the lid")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('desk-title').innerText === 'Birch kettle'")
    until(page, lambda: Draft.objects.filter(pk=draft.pk, parked_at__isnull=False).exists())
    page.goto(page.url.rsplit("/", 2)[0] + f"/{draft.subject_id}/")
    page.wait_for_selector(".desk-badge.is-parked")
    assert "ask Tom about the lid" in page.inner_text(".desk-origin")
    wake(page)
    page.keyboard.press("a")
    page.wait_for_selector(".desk-notice.is-hint")
    assert approved() == 0
    page.keyboard.press("p")
    page.wait_for_selector(".desk-badge.is-clean")
    wake(page)
    page.keyboard.press("a")
    wait_for(page, 1)


def test_writing_again_asks_the_model_with_the_guidance(desk):
    fields = ("long_description", "mobile_description")
    long, _mobile = sheet(title="Alder kettle", fields=fields)
    page = desk()
    page.keyboard.press("g")
    page.keyboard.type("shorter")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-waiting]:has-text('Long description')")
    until(page, lambda: Draft.objects.get(pk=long.pk).status == "requested")
    again = Draft.objects.get(pk=long.pk)
    assert (again.status, again.guidance) == ("requested", "shorter")
    assert page.locator("[data-field]").count() == 1
