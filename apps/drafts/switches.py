"""What managers have switched: whether a rule counts for a text, and how heavily."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.drafts.models import PackSwitch
from apps.drafts.registry import CheckContext
from apps.drafts.rules.base import Rule
from apps.drafts.rules.kept import concerns, state_of

MOST_CONTEXTS = 1000


class Setting(NamedTuple):
    """`severity` None: as the rule says."""

    is_on: bool
    severity: int | None = None


@dataclass
class Switches:
    """The rows as they were at one moment; what they say of a rule is worked out once for each kind of context."""

    rows: list[PackSwitch] = field(default_factory=list)
    state: tuple = ()
    _known: dict[tuple, tuple[list[Setting], str]] = field(default_factory=dict)

    def key_of(self, rule_id: str) -> str:
        """Changes with every row for this rule; empty where there is none."""
        rows = [
            (row.market, row.language, row.category, row.is_on, row.severity)
            for row in self.rows
            if row.pack == rule_id
        ]
        return hashlib.sha256(repr(sorted(rows, key=repr)).encode()).hexdigest() if rows else ""

    def applied(self, rules: list[Rule], context: CheckContext) -> tuple[list[tuple[Rule, Setting]], str]:
        """The rules that count for texts of this context with their settings, and a hash of these and their lists."""
        lists = tuple((rule.id, rule.pack_key) for rule in rules)
        key = (context.language, context.category, context.markets, lists)
        if key not in self._known:
            if len(self._known) >= MOST_CONTEXTS:
                self._known.clear()
            settings = [self._setting(rule, context) for rule in rules]
            told = repr([(*names, setting) for names, setting in zip(lists, settings, strict=True) if setting.is_on])
            self._known[key] = (settings, hashlib.sha256(told.encode()).hexdigest())
        settings, told = self._known[key]
        return [(rule, setting) for rule, setting in zip(rules, settings, strict=True) if setting.is_on], told

    def _setting(self, rule: Rule, context: CheckContext) -> Setting:
        if not rule.is_switchable:
            return Setting(True)
        # On in one of the markets is on; of two severities the heavier counts.
        settings = [self._in_market(rule, context, market) for market in context.markets or ("",)]
        on = [setting for setting in settings if setting.is_on]
        if not on:
            return Setting(False)
        severities = [setting.severity for setting in on]
        return Setting(True, None if None in severities else max(severities))

    def _in_market(self, rule: Rule, context: CheckContext, market: str) -> Setting:
        here = CheckContext(
            field=context.field, language=context.language, category=context.category,
            markets=(market,) if market else (),
        )  # fmt: skip
        found = [
            row for row in self.rows if row.pack == rule.id
            and concerns(here, language=row.language, market=row.market, category=row.category)
        ]  # fmt: skip
        if not found:
            return Setting(rule.is_on(language=context.language, market=market))
        row = max(found, key=lambda row: (bool(row.category), bool(row.market), bool(row.language), len(row.language)))
        return Setting(row.is_on, row.severity)


_current = Switches()


def current_switches() -> Switches:
    """The switches of now; one query where nothing changed."""
    global _current
    state = state_of(PackSwitch)
    if state != _current.state:
        _current = Switches(rows=list(PackSwitch.objects.order_by("id")), state=state)
    return _current
