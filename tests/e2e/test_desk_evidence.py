"""Proof on the desk: facts light up their words and the other way round; what nothing supports has three ways out."""

import pytest

from apps.drafts.models import Draft
from apps.products.models import Fact
from tests import factories
from tests.e2e.conftest import open_desk
from tests.e2e.test_desk_editing import saved, type_into
from tests.e2e.test_desk_keys import GOOD, sheet, until

pytestmark = [pytest.mark.e2e]
BEFORE = "𠮷🎧👍🏽 "
UNSUPPORTED = GOOD.replace("1.7 l", "9 l")


def fact(page, name: str):
    return page.locator(".desk-fact", has=page.locator("dt", has_text=name))


def lit_words(page) -> list[str]:
    return page.locator(".is-selected [data-marks] .is-lit").all_inner_texts()


def underlined(page) -> list[str]:
    return page.locator(".is-selected [data-marks] .is-block").all_inner_texts()


def place_of(page, selector: str) -> tuple[float, float]:
    """The middle of the first line of an element that may be broken over lines."""
    rect = page.locator(selector).first.evaluate("each => each.getClientRects()[0].toJSON()")
    return rect["x"] + rect["width"] / 2, rect["y"] + rect["height"] / 2


def point_at(page, selector: str) -> None:
    page.mouse.move(*place_of(page, selector))


def ask_for_ways(page, words: str = "9 l") -> None:
    page.click(f".is-selected .desk-finding:has-text('{words}') .desk-finding-ways")
    page.wait_for_selector("#desk-ways:popover-open")


def test_pointing_at_a_fact_lights_up_its_words_in_all_fields(desk):
    product = factories.product(in_shop=factories.shop())
    factories.delivered(product, BEFORE + GOOD)
    factories.delivered(product, "A steel kettle that holds 1.7 l.", field="mobile_description")
    page = desk()
    fact(page, "Capacity").hover()
    assert lit_words(page) == ["1.7 l"]
    folded = page.locator("[data-field]:not(.is-selected)")
    assert folded.locator(".desk-lit-count").inner_text() == "1 here"
    assert folded.locator("[data-preview] .desk-lit").inner_text() == "1.7 l"
    assert fact(page, "Capacity").locator(".desk-lit").inner_text() == "1.7 l"
    page.mouse.move(0, 0)
    assert lit_words(page) == []


def test_pointing_at_a_word_lights_up_its_fact_and_the_very_words_in_it(desk):
    made = factories.product(in_shop=factories.shop(), facts={"Size": "𠮷🎧 of 1.7 l", "Power": "900 W"})
    factories.delivered(made, BEFORE + GOOD)
    page = desk()
    point_at(page, "[data-marks] span:text-is('1.7 l')")
    page.wait_for_selector(".desk-fact.is-lit")
    assert fact(page, "Size").locator(".desk-lit").inner_text() == "1.7 l"
    assert "is-lit" not in fact(page, "Power").get_attribute("class")


def test_a_fact_is_reached_by_keyboard_and_stays_lit_when_pressed(desk):
    sheet()
    page = desk()
    button = fact(page, "Capacity").locator("button")
    button.focus()
    assert lit_words(page) == ["1.7 l"]
    page.keyboard.press("Enter")
    button.evaluate("each => each.blur()")
    assert (lit_words(page), button.get_attribute("aria-pressed")) == (["1.7 l"], "true")
    button.click()
    page.mouse.move(0, 0)
    button.evaluate("each => each.blur()")
    assert (lit_words(page), button.get_attribute("aria-pressed")) == ([], "false")


def test_the_caret_in_a_supported_word_lights_up_its_fact(desk):
    sheet(BEFORE + GOOD)
    page = desk()
    at = page.evaluate("document.querySelector('[data-text]').value.indexOf('1.7') + 1")
    page.focus("[data-text]")
    page.evaluate("at => document.activeElement.setSelectionRange(at, at)", at)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".desk-fact.is-lit:has-text('Capacity')")


def test_evidence_is_switched_off_and_that_is_remembered(desk):
    sheet()
    page = desk()
    page.click("#desk-evidence")
    fact(page, "Capacity").hover()
    assert lit_words(page) == []
    page.reload()
    assert page.get_attribute("#desk-evidence", "aria-pressed") == "false"


def test_a_number_without_a_fact_is_underlined_as_it_is_typed_and_not_approved(desk):
    sheet()
    page = desk()
    page.keyboard.press("e")
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(BEFORE + "it weighs 3 kg. ")
    page.wait_for_selector(".is-selected [data-marks] .is-block")
    assert underlined(page) == ["3 kg"]
    page.keyboard.insert_text("🎧 ")
    assert underlined(page) == ["3 kg"]
    saved(page)
    page.keyboard.press("Escape")
    assert page.get_attribute("[data-do=approve_field]", "aria-disabled") == "true"
    page.click("[data-do=approve_field]", force=True)
    assert "3 kg" in page.inner_text(".desk-notice")
    assert Draft.objects.get().status == "in_review"


def test_typing_keeps_the_focus_the_caret_and_the_browser_s_undo(desk):
    sheet()
    page = desk()
    page.keyboard.press("e")
    page.keyboard.type(" It weighs 3 kg")
    page.wait_for_selector(".is-selected [data-marks] .is-block")
    page.keyboard.type(".")
    assert page.input_value("[data-text]") == GOOD + " It weighs 3 kg."
    for _step in range(20):
        page.keyboard.press("Control+z")
    assert page.input_value("[data-text]") == GOOD


def test_chinese_text_is_underlined_and_lit_up_at_the_right_characters(desk):
    product = factories.product(in_shop=factories.shop(languages=["zh-Hans"]))
    factories.add_fact(product, "容量", "1.7 升", language="zh-Hans")
    text = "𠮷祥如意🎧这款水壶容量1.7升，重3公斤，每天早上为家人烧一壶热水，简单又安心。"
    factories.delivered(product, text, language="zh-Hans")
    page = desk()
    assert underlined(page) == ["3公斤"]
    fact(page, "容量").hover()
    assert lit_words(page) == ["1.7升"]
    ask_for_ways(page, "3公斤")
    page.click("[data-way=cut]")
    assert page.input_value("[data-text]") == text.replace("3公斤", "")


def test_pointing_at_an_underlined_word_says_why_and_offers_the_ways_out(desk):
    sheet(BEFORE + UNSUPPORTED)
    page = desk()
    point_at(page, "[data-marks] .is-block:text-is('9 l')")
    page.wait_for_selector("#desk-ways:popover-open")
    assert "9 l" in page.inner_text("#desk-ways")
    assert page.locator("[data-way=propose]").is_visible()
    assert not page.locator("[data-way=accept]").is_visible()
    assert "needs a confirmed fact" in page.inner_text("#desk-ways")
    page.mouse.move(5, 5)
    page.wait_for_selector("#desk-ways:not(:popover-open)", state="attached")


def test_taking_out_leaves_a_clean_sentence_and_can_be_undone(desk):
    sheet(BEFORE + UNSUPPORTED)
    page = desk()
    ask_for_ways(page)
    page.click("[data-way=cut]")
    saved(page)
    assert page.input_value("[data-text]") == BEFORE + UNSUPPORTED.replace(" 9 l", "")
    assert "9 l" not in underlined(page)
    page.keyboard.press("Control+z")
    assert page.input_value("[data-text]") == BEFORE + UNSUPPORTED
    ask_for_ways(page)
    page.click("[data-way=cut]")
    page.click(".desk-notice-act")
    assert page.input_value("[data-text]") == BEFORE + UNSUPPORTED
    until(page, lambda: Draft.objects.get().text == BEFORE + UNSUPPORTED)


def propose(page, **values) -> None:
    ask_for_ways(page)
    page.click("[data-way=propose]")
    for name, value in values.items():
        page.fill(f"#desk-ways [name={name}]", value)


def test_a_proposed_fact_stands_beside_the_sheet_and_supports_nothing_yet(desk):
    sheet(UNSUPPORTED)
    page = desk()
    propose(page)
    assert page.input_value("#desk-ways [name=name]") == "Capacity"
    assert page.input_value("#desk-ways [name=value]") == "9 l"
    assert not page.locator("#desk-ways [name=isConfirmed]").is_visible()
    page.click("#desk-ways [type=submit]")
    assert page.locator("#desk-ways:popover-open").count() == 1, "a source is required"
    page.fill("#desk-ways [name=source]", "Supplier's data sheet, p. 2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".desk-fact.is-proposed")
    assert "from: Supplier's data sheet, p. 2" in page.inner_text(".desk-fact.is-proposed")
    assert page.locator("[data-confirm-fact]").count() == 0
    assert underlined(page) == ["9 l"]
    made = Fact.objects.get(status="proposed")
    assert (made.name, made.value, made.source_note) == ("Capacity", "9 l", "Supplier's data sheet, p. 2")


class TestManager:
    @pytest.fixture
    def reviewer(self, transactional_db):
        return factories.user("manager")

    def test_who_may_confirm_does_so_right_there(self, desk):
        sheet(UNSUPPORTED)
        page = desk()
        propose(page, source="https://example.com/sheet.pdf", name="Volume")
        page.check("#desk-ways [name=isConfirmed]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".desk-badge.is-clean")
        assert underlined(page) == []
        fact(page, "Volume").hover()
        assert lit_words(page) == ["9 l"]

    def test_a_fact_that_another_proposed_is_confirmed_on_the_sheet(self, desk):
        (draft,) = sheet(UNSUPPORTED)
        factories.add_fact(draft.descriptiondraft.product, "Volume", "9 l", status="proposed", source="person")
        page = desk()
        page.click("[data-confirm-fact]")
        page.wait_for_selector(".desk-badge.is-clean")
        page.keyboard.press("a")
        until(page, lambda: Draft.objects.get().status == "approved")


def test_the_ways_out_are_reached_and_left_by_keyboard(desk):
    sheet(BEFORE + UNSUPPORTED)
    page = desk()
    page.keyboard.press("e")
    at = page.evaluate("document.querySelector('[data-text]').value.indexOf('9 l') + 1")
    page.evaluate("at => document.activeElement.setSelectionRange(at, at)", at)
    page.keyboard.press("Alt+Enter")
    page.wait_for_selector("#desk-ways:popover-open")
    assert page.evaluate("document.activeElement.dataset.way") == "cut"
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    assert page.locator("#desk-ways:popover-open").count() == 0
    assert page.evaluate("document.activeElement.matches('[data-text]')")
    assert Draft.objects.get().status == "in_review"


class TestPhone:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

    @pytest.fixture
    def phone(self, signed_in, live_server):
        return lambda: open_desk(signed_in.new_page(), f"{live_server.url}/admin/desk/")

    def tap(self, page, selector: str) -> None:
        page.touchscreen.tap(*place_of(page, selector))

    def test_a_tap_on_a_supported_word_brings_its_fact_into_view(self, phone):
        many = {f"Detail {n}": f"code X{n}Y" for n in range(30)}
        sheet("It pours well. " * 30 + BEFORE + GOOD, facts=many | {"Capacity": "1.7 l", "Material": "steel"})
        page = phone()
        self.tap(page, "[data-marks] span:text-is('1.7 l')")
        page.wait_for_selector(".desk-aside.is-open")
        page.wait_for_timeout(300)
        row, panel = fact(page, "Capacity").bounding_box(), page.locator(".desk-aside").bounding_box()
        assert panel["y"] <= row["y"]
        assert row["y"] + row["height"] <= panel["y"] + panel["height"]
        assert page.evaluate("!document.activeElement.matches('[data-text]')")
        assert "is-lit" in fact(page, "Capacity").get_attribute("class")
        assert place_of(page, "[data-marks] .is-lit")[1] < panel["y"], "the word stays in sight"

    def test_a_tap_on_a_fact_shows_its_words(self, phone):
        sheet()
        page = phone()
        page.tap("#desk-facts-open")
        fact(page, "Capacity").locator("button").tap()
        page.wait_for_selector(".desk-aside:not(.is-open)", state="attached")
        assert lit_words(page) == ["1.7 l"]

    def test_a_tap_on_an_underlined_word_opens_a_sheet_at_the_bottom(self, phone):
        sheet(BEFORE + UNSUPPORTED)
        page = phone()
        self.tap(page, "[data-marks] .is-block:text-is('9 l')")
        box = page.locator("#desk-ways:popover-open").bounding_box()
        assert (round(box["x"]), round(box["width"]), round(box["y"] + box["height"])) == (0, 390, 844)
        page.tap("[data-way=cut]")
        until(page, lambda: Draft.objects.get().text == BEFORE + UNSUPPORTED.replace(" 9 l", ""))
        page.tap(".desk-notice-act")
        until(page, lambda: Draft.objects.get().text == BEFORE + UNSUPPORTED)


def test_what_was_typed_meanwhile_outlives_a_proposal(desk):
    sheet(UNSUPPORTED)
    page = desk()
    propose(page, source="p. 2")
    page.evaluate(
        "const t = document.querySelector('[data-text]'); t.value += ' Kept.'; t.dispatchEvent(new Event('input'))"
    )
    ask_for_ways(page)
    page.click("[data-way=propose]")
    page.fill("#desk-ways [name=source]", "p. 2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".desk-fact.is-proposed")
    assert page.input_value("[data-text]") == UNSUPPORTED + " Kept."
    type_into(page, UNSUPPORTED + " Kept too.")
    saved(page)
    assert Draft.objects.get().text == UNSUPPORTED + " Kept too."


CLAIM = GOOD.replace("It suits", "It is waterproof and suits")


def test_who_may_not_accept_is_not_asked_to(desk):
    sheet(CLAIM)
    page = desk()
    ask_for_ways(page, "waterproof")
    assert page.locator("[data-way=propose]").is_visible()
    assert not page.locator("[data-way=accept]").is_visible()


class TestAccepting:
    @pytest.fixture
    def reviewer(self, transactional_db):
        return factories.user("manager")

    def test_a_finding_is_accepted_with_a_reason_and_the_sheet_approved(self, desk):
        sheet(BEFORE + CLAIM)
        page = desk()
        ask_for_ways(page, "waterproof")
        page.click("[data-way=accept]")
        page.click("#desk-ways form[data-ways-form=accept] [type=submit]")
        assert page.locator("#desk-ways:popover-open").count() == 1, "a reason is required"
        page.fill("#desk-ways [name=reason]", "tested in our lab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".desk-finding:has-text('tested in our lab')")
        assert underlined(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("f")
        until(page, lambda: Draft.objects.get().status == "approved")


def test_what_two_rules_say_of_the_same_words_is_told_once(desk):
    sheet(UNSUPPORTED)
    page = desk()
    page.route("**/desk/save/", answer_twice)
    page.keyboard.press("e")
    page.keyboard.type(" Kept.")
    saved(page)
    assert page.locator(".is-selected .desk-finding").count() == 1


def answer_twice(route) -> None:
    response = route.fetch()
    body = response.json()
    (finding,) = body["findings"]
    route.fulfill(response=response, json=body | {"findings": [finding, finding | {"rule": "other"}]})
