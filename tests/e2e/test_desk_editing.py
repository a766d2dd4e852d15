"""Editing in place: saved as it is typed, never lost, never over another's work."""

import pytest

from apps.drafts.models import Draft
from apps.drafts.services import decisions, editing
from tests import factories
from tests.e2e.conftest import wake
from tests.e2e.test_desk_keys import GOOD, sheet, wait_for

pytestmark = [pytest.mark.e2e]
EDITED = GOOD + " 𠮷🎧 Kept."


def saved(page) -> None:
    page.wait_for_selector(".is-selected [data-saved].is-saved")


def type_into(page, text: str) -> None:
    page.fill(".is-selected [data-text]", text)


def test_an_edit_saves_itself_and_outlives_a_reload(desk):
    sheet()
    page = desk()
    type_into(page, EDITED)
    saved(page)
    page.reload()
    page.wait_for_selector("[data-text]")
    assert page.input_value("[data-text]") == EDITED
    assert Draft.objects.get().is_edited


def test_an_edit_that_was_not_saved_when_the_page_went_away_comes_back(desk, signed_in):
    sheet()
    page = desk()
    page.route("**/desk/save/", lambda route: route.abort())
    type_into(page, EDITED)
    page.wait_for_selector(".is-selected [data-saved].is-offline")
    assert "offline, will retry" in page.inner_text(".is-selected [data-saved]")
    page.unroute("**/desk/save/")
    page.reload()
    saved(page)
    assert page.input_value("[data-text]") == EDITED
    assert Draft.objects.get().text == EDITED


def test_findings_follow_the_text_past_characters_outside_the_basic_plane(desk):
    sheet()
    page = desk()
    type_into(page, "𠮷🎧 A kettle made of steel that holds 9 l. It suits a small kitchen, and is from Auvio.")
    saved(page)
    assert page.locator(".is-selected .desk-mark", has_text="9 l").inner_text() == "9 l"
    page.locator(".desk-finding button", has_text="9 l").click()
    assert (
        page.evaluate(
            "document.activeElement.value.slice("
            "document.activeElement.selectionStart, document.activeElement.selectionEnd)"
        )
        == "9 l"
    )


def test_ctrl_enter_saves_and_approves_from_the_editor(desk):
    sheet()
    page = desk()
    page.keyboard.press("e")
    page.keyboard.type(" Kept.")
    page.keyboard.press("Control+Enter")
    wait_for(page, 1)
    assert Draft.objects.get().text == GOOD + " Kept."


def test_ctrl_enter_does_not_approve_what_blocks(desk):
    sheet()
    page = desk()
    page.keyboard.press("e")
    page.keyboard.type(" It lasts 99 years.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".desk-notice.is-problem")
    assert "99 years" in page.inner_text(".desk-notice.is-problem")
    assert Draft.objects.get().status == "in_review"


def test_an_edit_over_another_ones_edit_is_refused_with_a_message_and_kept(desk):
    (draft,) = sheet()
    page = desk()
    editing.save_text(
        user=factories.user("reviewer"), draft_id=draft.pk, revision=draft.revision, text=GOOD + " Theirs."
    )
    type_into(page, EDITED)
    page.wait_for_selector(".desk-notice.is-problem")
    assert "changed elsewhere" in page.inner_text(".desk-notice.is-problem")
    page.click(".desk-notice.is-problem a")
    page.wait_for_function("() => document.querySelector('[data-text]').value.endsWith('Theirs.')")
    page.click(".desk-candidate:has-text('mine')")
    saved(page)
    assert Draft.objects.get().text == EDITED


def test_deciding_what_another_has_decided_is_refused_with_a_way_back(desk):
    (draft,) = sheet(title="Alder kettle")
    sheet(title="Birch kettle", category="Lamps")
    page = desk()
    import uuid

    decisions.reject(
        user=factories.user("reviewer"), draft_id=draft.pk, revision=draft.revision, key=uuid.uuid4(), reason="tone"
    )
    page.keyboard.press("a")
    notice = page.wait_for_selector(".desk-notice.is-problem")
    assert "Alder kettle" in notice.inner_text()
    assert "rejected" in notice.inner_text()
    assert page.locator(".desk-notice.is-problem a").get_attribute("href").endswith(f"/description/{draft.subject_id}/")
    assert page.inner_text("#desk-title") == "Birch kettle"


def test_approving_after_the_facts_changed_is_refused(desk):
    (draft,) = sheet(title="Alder kettle")
    page = desk()
    from apps.products.models import Fact, Product

    Fact.objects.filter(product_id=draft.subject_id, name="Capacity").update(value="1.5 l")
    Product.objects.filter(pk=draft.subject_id).update(facts_key="changed")
    page.keyboard.press("a")
    notice = page.wait_for_selector(".desk-notice.is-problem")
    assert "facts or the rules changed" in notice.inner_text()
    assert Draft.objects.get().status == "in_review"
    page.click(".desk-notice.is-problem a")
    page.wait_for_selector(".desk-badge.is-block")
    assert "1.7 l" in page.inner_text(".desk-findings")


def test_the_text_is_compared_with_what_is_in_the_shop(desk):
    made = factories.product(in_shop=factories.shop())
    made.listings.update(
        live={"long_description": "A kettle made of tin. It is from Auvio and holds what a kitchen needs every day."}
    )
    factories.delivered(made, "A kettle made of steel. It is from Auvio and holds what a kitchen needs every day.")
    page = desk()
    page.keyboard.press("d")
    assert page.locator("[data-diff-view] del").first.inner_text() == "tin"
    assert page.locator("[data-diff-view] ins").first.inner_text() == "steel"


def test_the_model_s_new_text_comes_in_while_the_reviewer_stays(desk, signed_in, live_server):
    product = factories.product(in_shop=factories.shop())
    page = signed_in.new_page()
    waiting = factories.draft(product)
    page.goto(f"{live_server.url}/admin/desk/description/{product.pk}/")
    page.wait_for_selector("[data-waiting]")
    waiting.delete()
    factories.delivered(product, GOOD)
    page.wait_for_selector("[data-text]")
    assert page.input_value("[data-text]") == GOOD
    wake(page)
    page.keyboard.press("a")
    wait_for(page, 1)
