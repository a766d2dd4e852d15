"""The desk at 390 pixels under a thumb."""

import pytest

from apps.drafts.models import Draft
from tests.e2e.conftest import open_desk
from tests.e2e.test_desk_keys import GOOD, approved, sheet, wait_for

pytestmark = [pytest.mark.e2e]
SECOND = GOOD + " It is light."


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(signed_in, live_server):
    return lambda: open_desk(signed_in.new_page(), f"{live_server.url}/admin/desk/")


def finger(page):
    return page.context.new_cdp_session(page)


def middle_of(page, selector: str) -> dict:
    box = page.locator(selector).first.bounding_box()
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def hold(page, selector: str, milliseconds: int) -> None:
    touch = finger(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [middle_of(page, selector)]})
    page.wait_for_timeout(milliseconds)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def swipe(page, selector: str, by: int) -> None:
    touch, at = finger(page), middle_of(page, selector)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    for step in range(1, 6):
        moved = {"x": at["x"] + by * step / 5, "y": at["y"]}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [moved]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_approving_is_press_and_hold_and_a_tap_only_says_so(phone):
    sheet()
    page = phone()
    page.tap("[data-do=approve_sheet]")
    page.wait_for_selector(".desk-notice:has-text('Press and hold')")
    hold(page, "[data-do=approve_sheet]", 300)
    page.wait_for_timeout(600)
    assert approved() == 0
    hold(page, "[data-do=approve_sheet]", 900)
    wait_for(page, 1)


def test_swiping_shows_the_other_candidate_and_never_decides(phone):
    sheet(GOOD, SECOND)
    page = phone()
    for by, expected in ((-200, SECOND), (-200, GOOD), (200, SECOND)):
        swipe(page, "[data-frame]", by)
        page.wait_for_function("text => document.querySelector('[data-text]').value === text", arg=expected)
    assert Draft.objects.get().status == "in_review"


def test_the_candidate_comes_first_and_the_facts_slide_up(phone):
    sheet(fields=("mobile_description",))
    page = phone()
    assert page.locator("[data-text]").is_visible()
    assert not page.locator(".desk-facts").is_visible()
    page.tap("#desk-facts-open")
    page.wait_for_selector(".desk-facts", state="visible")
    page.tap("[data-close-aside]")
    page.wait_for_selector(".desk-facts", state="hidden")
    page.wait_for_selector(".desk-frame.is-phone", state="visible")


def test_every_decision_is_in_reach_and_nothing_is_wider_than_the_phone(phone):
    sheet(GOOD, SECOND)
    page = phone()
    for button in page.locator(".desk-actions button").all():
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
        assert box["y"] > 600
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
