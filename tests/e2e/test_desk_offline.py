"""Lost connections: nothing that was decided is lost, doubled or out of order."""

import pytest

from apps.drafts.models import Decision, Draft
from apps.products.models import Product
from tests.e2e.conftest import wake
from tests.e2e.test_desk_keys import GOOD, approved, sheet, wait_for

pytestmark = [pytest.mark.e2e]
FIELDS = ("long_description", "mobile_description", "bullets", "image_alt")


def filled(page) -> None:
    """Until the sheets that are fetched ahead are here."""
    page.wait_for_load_state("networkidle")


def test_twenty_decisions_without_a_connection_arrive_once_and_in_order(desk, signed_in):
    for name in "ABCDE":
        sheet(fields=FIELDS, title=f"{name} kettle", category=name)
    page = desk()
    filled(page)
    signed_in.set_offline(True)
    decided = []
    for _decision in range(20):
        decided.append(int(page.locator(".is-selected[data-field]").get_attribute("data-field")))
        page.keyboard.press("f")
        wake(page)
    assert approved() == 0
    assert "20 decisions wait" in page.inner_text("#desk-queue")
    signed_in.set_offline(False)
    wait_for(page, 20)
    assert list(Decision.objects.order_by("id").values_list("draft_id", flat=True)) == decided
    page.wait_for_selector("#desk-queue", state="hidden")


def test_an_answer_that_is_lost_on_its_way_back_decides_once(desk):
    sheet(title="Alder kettle"), sheet(title="Birch kettle")
    page = desk()
    filled(page)
    lost = []

    def lose_the_answer(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/desk/decide/", lose_the_answer)
    page.keyboard.press("a")
    wake(page)
    page.keyboard.press("a")
    wait_for(page, 2)
    page.wait_for_function(
        "() => !localStorage.getItem(Object.keys(localStorage).find(k => k.includes('queue'))).includes('key')"
    )
    assert lost
    assert Decision.objects.count() == 2


def test_decisions_that_wait_survive_a_closed_page(desk, signed_in):
    sheet(title="Alder kettle"), sheet(title="Birch kettle")
    page = desk()
    filled(page)
    signed_in.set_offline(True)
    page.keyboard.press("a")
    wake(page)
    page.close()
    signed_in.set_offline(False)
    assert approved() == 0
    wait_for(desk(), 1)


def test_a_sheet_opened_again_before_its_decision_was_sent_shows_it_as_decided(desk, signed_in):
    (draft,) = sheet(title="Alder kettle")
    page = desk()
    filled(page)
    page.route("**/desk/decide/", lambda route: route.abort())
    page.keyboard.press("a")
    page.wait_for_selector("#desk-queue:not([hidden])")
    page.goto(page.url.split("/desk/")[0] + f"/desk/description/{draft.subject_id}/")
    page.wait_for_selector(".desk-badge.is-approved")
    wake(page)
    page.keyboard.press("f")
    page.unroute("**/desk/decide/")
    wait_for(page, 1)
    assert Decision.objects.count() == 1


def test_when_no_sheet_is_left_here_the_desk_says_so_and_keeps_what_was_decided(desk, signed_in):
    sheet(title="Alder kettle")
    page = desk()
    filled(page)
    signed_in.set_offline(True)
    page.keyboard.press("a")
    page.wait_for_selector(".desk-notice.is-problem:has-text('the next sheet')")
    signed_in.set_offline(False)
    wait_for(page, 1)


def test_an_edit_without_a_connection_is_not_approved_before_it_is_saved(desk, signed_in):
    sheet(title="Alder kettle")
    page = desk()
    filled(page)
    signed_in.set_offline(True)
    page.keyboard.press("e")
    page.keyboard.type(" Kept.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".desk-notice.is-problem:has-text('not saved yet')")
    signed_in.set_offline(False)
    page.wait_for_selector(".is-selected [data-saved].is-saved")
    assert Draft.objects.get().text == GOOD + " Kept."
    assert Draft.objects.get().status == "in_review"


def test_a_session_that_ended_keeps_the_decision_and_leads_to_the_login(desk, signed_in):
    sheet(title="Alder kettle"), sheet(title="Birch kettle")
    page = desk()
    filled(page)
    cookies = signed_in.cookies()
    signed_in.clear_cookies(name="sessionid")
    page.keyboard.press("a")
    page.wait_for_selector(".desk-notice.is-problem a:has-text('Sign in')")
    assert approved() == 0
    signed_in.add_cookies(cookies)
    page.reload()
    wait_for(page, 1)


def test_two_tabs_send_what_waits_once(desk, signed_in):
    for name in "ABC":
        sheet(title=f"{name} kettle", category=name)
    page = desk()
    filled(page)
    signed_in.set_offline(True)
    for _decision in range(2):
        page.keyboard.press("a")
        wake(page)
    signed_in.set_offline(False)
    other = desk()
    wait_for(other, 2)
    assert Decision.objects.count() == 2


def test_a_refused_sheet_is_told_once_and_its_news_is_taken_back(desk):
    (first, *_others) = sheet(title="Alder kettle", fields=FIELDS)
    sheet(title="Birch kettle")
    page = desk()
    filled(page)
    Product.objects.get(pk=first.subject_id).delete()
    page.keyboard.press("a")
    page.wait_for_selector(".desk-notice.is-problem:has-text('no longer exists')")
    page.wait_for_load_state("networkidle")
    assert page.locator(".desk-notice.is-problem").count() == 1
    assert page.locator(".desk-notice.is-news").count() == 0
    assert page.locator(".desk-notice a").count() == 0


def test_a_lost_token_keeps_the_decision_and_leads_to_the_login(desk, signed_in):
    sheet(title="Alder kettle"), sheet(title="Birch kettle")
    page = desk()
    filled(page)
    signed_in.clear_cookies()
    page.keyboard.press("a")
    page.wait_for_selector(".desk-notice.is-problem a:has-text('Sign in')")
    assert "key" in page.evaluate("Object.entries(localStorage).find(([name]) => name.includes('queue'))[1]")
