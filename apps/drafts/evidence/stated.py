"""What a fact states, apart from its numbers."""

from dataclasses import dataclass

from apps.drafts.evidence.lexicon import Concept


@dataclass(frozen=True, slots=True)
class Stated:
    """A concept that a fact states. [start, end) lies in the fact's text; a name's concept covers all of it."""

    concept: Concept
    is_negated: bool
    start: int
    end: int
