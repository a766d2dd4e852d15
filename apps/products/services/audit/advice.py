"""What an operator can do about a finding in live text, and what its rule is called."""

from django.utils.translation import gettext_lazy as _

from apps.drafts.checking import configured_rules
from apps.drafts.rules.evidence import EvidenceRule
from apps.products.services.audit.contradictions import RULE as CONTRADICTION
from apps.products.services.audit.judging import is_grave

CONTRADICTION_NAME = _("Languages contradict each other")
_PROVE = _("Mend the sentence, or add the fact with its source and have it confirmed.")
_TAKE_OUT = _("Take the words out or write what the finding proposes: here a shop may be fined or a buyer harmed.")
_COMPARE = _("Look up the fact, then mend the text that is wrong.")
_MEND = _("Mend the text at the desk.")


def rule_names() -> dict[str, str]:
    """Rule id -> its name in the reader's language."""
    return {rule.id: str(rule.name or rule.id) for rule in configured_rules()} | {
        CONTRADICTION: str(CONTRADICTION_NAME)
    }


def claim_rules() -> list[str]:
    """The rules that ask for a fact behind what is said."""
    return [rule.id for rule in configured_rules() if isinstance(rule, EvidenceRule)]


def advice_for(rule: str) -> str:
    if rule == CONTRADICTION:
        return str(_COMPARE)
    if rule in claim_rules():
        return str(_PROVE)
    return str(_TAKE_OUT if is_grave(rule) else _MEND)
