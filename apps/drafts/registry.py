"""What the approval engine must know of a subject (a product, later a question): upper apps register it here."""

from dataclasses import dataclass, field
from typing import Protocol

from apps.drafts.models import Draft


@dataclass(frozen=True)
class FactView:
    """A confirmed fact as prompts, rules and the desk see it. `id` is 0 for one put together from several variants."""

    name: str
    value: str
    unit: str = ""
    language: str = ""
    role: str = "attribute"
    id: int = 0
    status: str = "confirmed"
    source: str = ""
    # The values that the variants have where they differ: a text may offer them as a choice, not say one of all.
    choices: tuple[str, ...] = ()
    # The value of every variant, in one order for all facts of a product; empty where some variant has none.
    by_variant: tuple[str, ...] = ()
    # Where a person says that it comes from: a data sheet, an address.
    source_note: str = ""

    @property
    def text(self) -> str:
        return f"{self.value} {self.unit}".strip()


@dataclass(frozen=True)
class CheckContext:
    """All that a text is checked against, besides the text itself."""

    field: str
    language: str
    facts: tuple[FactView, ...] = ()
    facts_key: str = ""
    finish_reason: str = "stop"
    # Where the text will be read: packs and exceptions are kept by market, language and category.
    category: str = ""
    markets: tuple[str, ...] = ()
    kind: str = ""
    subject_id: int = 0
    # Words of equal meaning that a manager keeps: a fact that says the one supports a text that says the other.
    synonyms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Subject:
    """What the desk shows beside the drafts. `current` maps (field, language) to the text that is live now."""

    kind: str
    id: int
    title: str
    subtitle: str = ""
    category: str = ""
    image_url: str = ""
    url: str = ""
    facts: tuple[FactView, ...] = ()
    current: dict[tuple[str, str], str] = field(default_factory=dict)


class SubjectProvider(Protocol):
    """One per kind of draft. All methods take many at once and cost a fixed number of queries."""

    kind: str
    task: str

    def describe(self, subject_ids: list[int]) -> dict[int, Subject]:
        """Subjects by id, facts in every language, proposed ones included (marked by their status)."""

    def search(self, text: str, limit: int) -> list[int]:
        """Ids of the subjects that a person may mean by this text, at most `limit`, through an index."""

    def prompt_contexts(self, draft_ids: list[int]) -> dict[int, dict]:
        """The context of `llm.prompts.render` by draft id; a draft whose subject is gone is left out."""

    def check_contexts(self, drafts: list[Draft]) -> dict[int, CheckContext]:
        """By draft id; a draft whose subject is gone is left out."""

    def needs_second(self, drafts: list[Draft]) -> set[int]:
        """Ids of those of these drafts whose text two people have to read before it is published."""

    def fact_rights(self, user) -> frozenset[str]:
        """Of "propose" and "confirm", what this person may do with facts. No query beyond the person's permissions."""

    def propose_fact(self, *, user, subject_id: int, name: str, value: str, language: str, source_note: str) -> int:
        """The id of a new fact that supports nothing until it is confirmed. Raises Refused."""

    def confirm_fact(self, *, user, subject_id: int, fact_id: int) -> None:
        """From now on the fact supports texts; what was checked without it is checked again. Raises Refused."""

    def publish(self, draft_ids: list[int]) -> None:
        """Make the approved texts public. Runs in the transaction that moved the drafts to `published`."""

    def withdraw(self, draft_id: int) -> None:
        """Take the published text of a draft back. Runs in the transaction of the decision."""

    def retire(self, draft_ids: list[int]) -> None:
        """Serve the published texts of these drafts, and older ones of the same places, no longer."""


_providers: dict[str, SubjectProvider] = {}


def register(provider: SubjectProvider) -> None:
    _providers[provider.kind] = provider


def provider_of(kind: str) -> SubjectProvider:
    return _providers[kind]


def providers() -> dict[str, SubjectProvider]:
    """All of them by kind."""
    return dict(_providers)
