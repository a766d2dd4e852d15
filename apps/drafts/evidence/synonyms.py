"""Words of equal meaning that a manager keeps: “navy” in the text, 藏青 in the fact."""

from apps.drafts.evidence.claims import Collected, Link
from apps.drafts.evidence.facts import FactBase
from apps.drafts.rules.folding import fold

# A number is what it is; no list makes another of it.
_EXACT = frozenset(["number", "wrong_name", "sharpened", "variant"])


def accept_synonyms(collected: Collected, text: str, base: FactBase, synonyms: tuple[tuple[str, str], ...]) -> None:
    """Turn claims into links where a fact says the same in a word that the list holds for equal."""
    pairs = [(fold(one)[0].strip(), fold(other)[0].strip()) for one, other in synonyms]
    pairs += [(other, one) for one, other in pairs]
    facts = [(fact, fold(fact.view.text)[0]) for fact in base.facts]
    kept = []
    for claim in collected.unsupported:
        said = fold(text[claim.start : claim.end])[0]
        support = None
        if claim.kind not in _EXACT:
            support = next(
                ((fact, written.find(other), len(other))
                 for one, other in pairs if one and other and one in said
                 for fact, written in facts if other in written),
                None,
            )  # fmt: skip
        if support is None:
            kept.append(claim)
        else:
            fact, place, length = support
            collected.links.append(Link(claim.start, claim.end, fact.index, place, place + length, claim.kind))
    collected.unsupported = kept
