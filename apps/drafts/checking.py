"""The checker: runs every quality rule over texts and names what it did by a key.

Approval names that key, so a decision is bound to the text, the facts and the lists that were checked.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from apps.core.wording import Wording, reworded
from apps.drafts.accepting import applicable, with_exceptions
from apps.drafts.evidence.check import evidence_of
from apps.drafts.evidence.claims import Link
from apps.drafts.models import BannedWord, RuleException, Severity
from apps.drafts.registry import CheckContext, FactView
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.words import WordList
from apps.drafts.switches import Setting, Switches, current_switches

logger = logging.getLogger(__name__)

# Raise it whenever a rule judges otherwise than before: texts that were checked must then be checked again.
CHECKER_VERSION = "3"
# A text with more than this is unusable anyway; the rest would only swell the table and the page.
MAX_FINDINGS_PER_RULE = 50
MAX_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class FindingView:
    """What a rule found: `severity` of models.Severity, offsets in code points of the text.

    `message` is in the language of whoever checked, `wording` (JSON) says it in any other.
    """

    rule: str
    severity: int
    start: int
    end: int
    message: str
    wording: dict = field(default_factory=dict)
    # Whether a person with the right may accept it with a reason (services.exceptions).
    may_except: bool = False

    @property
    def shown(self) -> str:
        return reworded(self.wording, self.message)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All findings of a text in order of place; `key` is 64 hex digits, `severity` that of the worst finding.

    `links` name the words that a fact supports; their `fact` is an index of `facts`.
    """

    findings: tuple[FindingView, ...]
    key: str
    severity: int
    links: tuple[Link, ...] = ()
    facts: tuple[FactView, ...] = ()


def configured_rules() -> tuple[Rule, ...]:
    """The rules of SHOPAI_RULES, made once. Raises ImportError for a path that leads nowhere."""
    return _make_rules(tuple(settings.SHOPAI_RULES))


def rule_of(rule_id: str) -> Rule | None:
    """The configured rule of this id; None for a finding of one that is configured no longer."""
    return next((rule for rule in configured_rules() if rule.id == rule_id), None)


def check_texts(items: Sequence[tuple[str, CheckContext]]) -> list[CheckResult]:
    """Check many texts, results in the same order; the lists that people keep are read once for all of them."""
    if not items:
        return []
    rules = [rule.prepared(items) for rule in _loaded_rules()]
    switches = current_switches()
    items = _with_synonyms(items)
    accepted = applicable([context for _text, context in items])
    return [_check(text, context, rules, switches, accepted) for text, context in items]


def _with_synonyms(items: Sequence[tuple[str, CheckContext]]) -> Sequence[tuple[str, CheckContext]]:
    """The contexts with the words of equal meaning that managers keep for them."""
    kept = WordList.current or WordList.loaded()
    if not any(row.kind == BannedWord.Kind.SYNONYM for row in kept.rows):
        return items
    return [(text, replace(context, synonyms=kept.synonyms(context))) for text, context in items]


def check_text(text: str, context: CheckContext) -> CheckResult:
    return check_texts([(text, context)])[0]


def packs_key() -> str:
    """Changes with every rule added, removed, switched or given another list."""
    told = [f"{rule.id}={rule.pack_key}" for rule in _loaded_rules()]
    return hashlib.sha256("\n".join([*told, repr(current_switches().state)]).encode()).hexdigest()


def rule_keys() -> dict[str, str]:
    """The key of each rule's list and switches by rule id: what differs tells which rules judge otherwise than before."""
    switches = current_switches()
    return {rule.id: rule.pack_key + switches.key_of(rule.id) for rule in _loaded_rules()}


@lru_cache(maxsize=4)
def _make_rules(paths: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(import_string(path)() for path in paths)


def _loaded_rules() -> list[Rule]:
    return [rule.loaded() for rule in configured_rules()]


def _check(
    text: str, context: CheckContext, rules: list[Rule], switches: Switches, accepted: list[RuleException]
) -> CheckResult:
    chosen, packs = switches.applied(rules, context)
    found = [finding for rule, setting in chosen for finding in _findings_of(rule, setting, text, context)]
    findings, used = with_exceptions(found, accepted, text, context)
    findings.sort(key=lambda finding: (finding.start, -finding.severity, finding.end))
    # The text comes last: nothing before it can hold a zero byte, so no two inputs give one key by accident.
    seen = "\0".join([CHECKER_VERSION, packs, used, repr(context.synonyms), context.facts_key, text])
    return CheckResult(
        findings=tuple(findings),
        key=hashlib.sha256(seen.encode(errors="surrogatepass")).hexdigest(),
        severity=max((finding.severity for finding in findings), default=int(Severity.CLEAN)),
        links=_links_of(text, context),
        facts=context.facts,
    )


def _links_of(text: str, context: CheckContext) -> tuple[Link, ...]:
    """What the evidence rules have just read; where reading fails they say so, and nothing is linked."""
    try:
        return evidence_of(text, context).links
    except Exception:
        logger.exception("the evidence of a text could not be read")
        return ()


def _name_of(rule: Rule) -> Wording:
    with override("en"):
        return Wording(str(rule.name or rule.id))


def _severity(rule: Rule, setting: Setting, span: Span) -> int:
    if setting.severity is not None:
        return setting.severity
    return int(rule.severity if span.severity is None else span.severity)


def _findings_of(rule: Rule, setting: Setting, text: str, context: CheckContext) -> list[FindingView]:
    try:
        return [
            FindingView(
                rule=rule.id,
                severity=_severity(rule, setting, span),
                start=span.start,
                end=span.end,
                message=str(span.message)[:MAX_MESSAGE],
                wording=span.message.to_json() if isinstance(span.message, Wording) else {},
                may_except=rule.may_except if span.may_except is None else span.may_except,
            )
            for span in islice(rule.find(text, context), MAX_FINDINGS_PER_RULE)
        ]
    except Exception:
        logger.exception("rule %s failed", rule.id)
        words = Wording(_("This text could not be checked by the rule “%(rule)s”."), rule=_name_of(rule))
        return [FindingView(rule.id, int(Severity.BLOCK), 0, len(text), str(words)[:MAX_MESSAGE], words.to_json())]
