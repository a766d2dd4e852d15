"""Evidence as the desk's script reads it: facts by key, links from words to them, and the ways out of a finding."""

import hashlib

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.core.wording import reworded
from apps.drafts.checking import CheckResult, rule_of
from apps.drafts.registry import FactView, Subject
from apps.drafts.rules.evidence import EvidenceRule

# What a fact that would support such a claim is usually called; a number's finding proposes its own name.
USUAL_NAMES = {
    "material": _("Material"),
    "origin": _("Country of origin"),
    "certificate": _("Certification"),
    "praise": _("Award"),
    "effect": _("Effect"),
    "fit": _("Suitable for"),
    "feature": _("Feature"),
    "name": _("Technology"),
}


def fact_key(fact: FactView) -> str:
    """Names a fact by what it says, so that offsets in it hold wherever the key is known."""
    said = "\0".join((fact.language, fact.name, fact.text))
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:16]


def fact_rows(subject: Subject) -> list[dict]:
    """The facts in the order of the page; the title stands above them, but in another language it is told."""
    shown = [fact for fact in subject.facts if fact.role != "title" or fact.text != subject.title]
    return [{"fact": fact, "key": fact_key(fact)} for fact in sorted(shown, key=lambda fact: fact.language)]


def title_key(subject: Subject) -> str:
    """The key of the fact that the sheet's heading says; empty where no fact does."""
    return next((fact_key(fact) for fact in subject.facts if fact.role == "title" and fact.text == subject.title), "")


def links(result: CheckResult | None) -> list[dict]:
    """Words of the text and the words of a fact that support them; code points on both sides."""
    if result is None:
        return []
    keys = {place: fact_key(result.facts[place]) for place in {link.fact for link in result.links}}
    return [
        {
            "start": link.start,
            "end": link.end,
            "fact": keys[link.fact],
            "factStart": link.fact_start,
            "factEnd": link.fact_end,
        }
        for link in result.links
    ]


def ways_out(row, language: str) -> dict:
    """What can be done about a finding besides editing: whether a fact would help, and what it may be called.

    `row` is a Finding or a FindingView; `language` is that of the text, in which its facts are named.
    """
    rule = rule_of(row.rule)
    needs_fact = isinstance(rule, EvidenceRule)
    return {
        "ruleName": str(rule.name) if rule else row.rule,
        "needsFact": needs_fact,
        "mayExcept": rule is not None and getattr(row, "may_except", rule.may_except),
        "factName": _fact_name(row, language) if needs_fact else "",
    }


def _fact_name(row, language: str) -> str:
    with override(language):
        proposed = (row.wording or {}).get("values", {}).get("name")
        if isinstance(proposed, dict):
            return reworded(proposed, "")
        return str(USUAL_NAMES.get(row.rule, ""))
