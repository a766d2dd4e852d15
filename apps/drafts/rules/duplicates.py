"""Copy that other products have already."""

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.fingerprints import Alike, nearest, signature
from apps.drafts.registry import providers
from apps.drafts.rules.base import Span
from apps.drafts.rules.house import HouseRule

SAME = 0.8


class NearDuplicate(HouseRule):
    """Compares with the stored fingerprints of approved and live texts, all texts of a run in one query."""

    id = "near_duplicate"
    name = gettext_lazy("Near-duplicate copy")
    explanation = gettext_lazy("Nearly the same text as that of a product that is no sibling.")

    def __init__(self):
        super().__init__()
        self._found: dict[tuple, tuple[Alike, str]] = {}

    def prepared(self, items):
        signed = [(place, signature(text)) for place, (text, _context) in enumerate(items)]
        signed = [(place, found) for place, found in signed if found is not None]
        alike = nearest([(found, items[place][1]) for place, found in signed])
        matches = {
            _key(*items[place]): match
            for (place, _found), match in zip(signed, alike, strict=True)
            if match is not None and match.share >= SAME
        }
        if not matches:
            return self
        rule = type(self)()
        titles = _titles(matches.values())
        rule._found = {key: (match, titles.get((match.kind, match.subject_id), "")) for key, match in matches.items()}
        return rule

    def find(self, text, context):
        if found := self._found.get(_key(text, context)):
            match, title = found
            message = _(
                "About %(share)d %% of this stands in the text of “%(title)s”. Say what is special about this product."
            )
            words = Wording(message, share=round(match.share * 100), title=title or f"#{match.subject_id}")
            yield Span(0, len(text), words)


def _key(text: str, context) -> tuple:
    return (text, context.kind, context.subject_id, context.field, context.language)


def _titles(matches) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for match in matches:
        wanted.setdefault(match.kind, set()).add(match.subject_id)
    known = providers()
    return {
        (kind, pk): subject.title
        for kind, ids in wanted.items()
        if kind in known
        for pk, subject in known[kind].describe(sorted(ids)).items()
    }
