"""Facts that people propose, confirm, set aside and change."""

import pytest

from apps.core.models import AuditEvent
from apps.drafts.services.errors import Refused
from apps.products.models import ChangedProduct, Fact
from apps.products.services import fact_review
from apps.products.services.facts import refresh_product
from apps.products.services.product_page import group_facts
from tests import factories

pytestmark = pytest.mark.django_db


def proposed(product, user=None, **values):
    values = {"name": "Depth", "value": "4", "unit": "cm", "language": "EN"} | values
    return fact_review.propose_fact(user=user or factories.user("reviewer"), product_id=product.pk, **values)


def test_a_proposed_fact_changes_nothing_about_the_product():
    product = factories.product()
    refresh_product([product.pk])
    product.refresh_from_db()
    before = product.facts_key

    fact = proposed(product)

    product.refresh_from_db()
    assert (fact.status, fact.source, fact.language) == ("proposed", "person", "en")
    assert product.facts_key == before


def test_confirming_changes_the_facts_and_has_the_live_text_checked_again():
    product = factories.product()
    refresh_product([product.pk])
    fact = proposed(product)
    manager = factories.user("manager")

    fact_review.confirm_fact(user=manager, fact_id=fact.pk)

    fact.refresh_from_db()
    assert (fact.status, fact.confirmed_by) == ("confirmed", manager)
    assert ChangedProduct.objects.filter(product=product).exists()
    assert AuditEvent.objects.filter(verb="confirm_fact", subject_id=product.pk, actor=manager).exists()


def test_only_who_has_the_right_confirms():
    fact = proposed(factories.product())

    for act in (fact_review.confirm_fact, fact_review.set_aside_fact):
        with pytest.raises(Refused, match="right"):
            act(user=factories.user("reviewer"), fact_id=fact.pk)


def test_confirming_twice_says_that_someone_was_faster():
    fact = proposed(factories.product())
    manager = factories.user("manager")
    fact_review.confirm_fact(user=manager, fact_id=fact.pk)

    with pytest.raises(Refused, match="faster"):
        fact_review.confirm_fact(user=manager, fact_id=fact.pk)


@pytest.mark.parametrize(
    ("values", "message"),
    [({"name": " "}, "name and a value"), ({"value": "<p></p>"}, "name and a value"),
     ({"language": "?"}, "language tag"), ({"variant_id": 10**9}, "variant")],
)  # fmt: skip
def test_a_fact_that_says_nothing_is_refused(values, message):
    with pytest.raises(Refused, match=message):
        proposed(factories.product(), **values)


def test_the_same_statement_is_taken_once():
    product = factories.product()
    proposed(product, value="1200", unit="g")

    with pytest.raises(Refused, match="before"):
        proposed(product, value="1.2", unit="kg")


def test_changing_an_imported_fact_sets_it_aside_for_a_person_s_own():
    product = factories.product(facts={"Depth": "4 cm"})
    imported = product.facts.get(name="Depth")

    new = fact_review.change_fact(user=factories.user("manager"), fact_id=imported.pk, value="5", unit="cm")

    imported.refresh_from_db()
    assert (imported.status, imported.source) == ("proposed", "import")
    assert (new.status, new.source, str(new)) == ("confirmed", "person", "Depth: 5 cm")


def test_changing_a_person_s_fact_replaces_it():
    product = factories.product()
    fact = factories.add_fact(product, "Depth", "4 cm", source="person")

    fact_review.change_fact(user=factories.user("manager"), fact_id=fact.pk, value="5", unit="cm")

    assert [each.value for each in product.facts.filter(name="Depth")] == ["5"]


def test_a_person_s_title_becomes_the_product_s():
    product = factories.product()
    title = product.facts.get(role="title")

    fact_review.change_fact(user=factories.user("manager"), fact_id=title.pk, value="Kestrel Two")

    product.refresh_from_db()
    assert product.title == "Kestrel Two"


def test_an_imported_fact_is_set_aside_and_never_removed():
    fact = factories.product(facts={"Depth": "4 cm"}).facts.get(name="Depth")
    manager = factories.user("manager")
    fact_review.set_aside_fact(user=manager, fact_id=fact.pk)

    with pytest.raises(Refused, match="no import"):
        fact_review.remove_fact(user=manager, fact_id=fact.pk)


def test_a_reviewer_removes_only_what_they_proposed():
    product, reviewer = factories.product(), factories.user("reviewer")
    own, other = proposed(product, reviewer), proposed(product, name="Width")

    fact_review.remove_fact(user=reviewer, fact_id=own.pk)
    with pytest.raises(Refused, match="right"):
        fact_review.remove_fact(user=reviewer, fact_id=other.pk)

    assert list(product.facts.filter(source="person")) == [other]


def test_confirmed_facts_that_contradict_each_other_are_marked():
    product = factories.product(facts={"Depth": "4 cm"})
    factories.add_fact(product, "depth", "5 cm", source="person")
    factories.add_fact(product, "Width", "5 cm")

    group = group_facts(product.facts.all())[0]

    assert {Fact.objects.get(pk=pk).value for pk in group.clashes} == {"4 cm", "5 cm"}
