"""Everything that is known of one draft, for its page in the admin."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse

from apps.drafts.admin.filters import verb_name
from apps.drafts.checking import configured_rules
from apps.drafts.models import Candidate, Draft, Finding
from apps.drafts.services.decisions import reason_name
from apps.drafts.services.second_reading import is_covered
from apps.drafts.services.sheets import ON_SHEET
from apps.llm.models import Prompt

MOST_DECISIONS = 100


@dataclass(frozen=True)
class Piece:
    """A stretch of text and the worst finding that covers it; `severity` 0: none."""

    text: str
    severity: int = 0
    message: str = ""


def pieces_of(text: str, findings: list[Finding]) -> list[Piece]:
    """Cut `text` where findings begin and end; offsets beyond the text are clipped."""
    spans = [(max(0, f.start), min(len(text), f.end), f) for f in findings]
    spans = [span for span in spans if span[0] < span[1]]
    cuts = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    pieces = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        covering = [found for first, last, found in spans if first <= start and end <= last]
        worst = max(covering, key=lambda found: found.severity, default=None)
        pieces.append(Piece(text[start:end], worst.severity, worst.shown) if worst else Piece(text[start:end]))
    return pieces


def details_of(draft: Draft, *, user) -> dict:
    """A fixed number of queries; the prompt only for those who may see prompts."""
    found = Finding.objects.order_by("start", "id")
    candidates = list(
        Candidate.objects.filter(draft=draft).prefetch_related(Prefetch("findings", found, to_attr="found"))
    )
    own = list(found.filter(draft=draft, candidate__isnull=True))
    names = {rule.id: rule.name for rule in configured_rules()}
    for finding in [*own, *(finding for candidate in candidates for finding in candidate.found)]:
        finding.rule_name = names.get(finding.rule, finding.rule)
    for candidate in candidates:
        candidate.pieces = pieces_of(candidate.text, candidate.found)
        candidate.is_chosen = candidate.pk == draft.chosen_id
    decisions = list(draft.decisions.select_related("by").order_by("-id")[:MOST_DECISIONS])
    for decision in decisions:
        decision.verb_name = verb_name(decision.verb)
        decision.reason_name = reason_name(decision.reason)
    return {
        "draft": draft,
        "reason": draft.outdated_reason or reason_name(draft.reason),
        "subject": getattr(draft, "subject", None),
        # Else it stands below, among the candidates.
        "has_own_text": bool(draft.text) and not any(one.is_chosen and one.text == draft.text for one in candidates),
        "is_changed_since": not is_covered(draft),
        "text_pieces": pieces_of(draft.text, own),
        "findings": own,
        "candidates": candidates,
        "decisions": decisions,
        "prompt": _prompt(draft, user),
        "sampling": sorted(draft.sampling.items()),
        "desk_url": reverse("desk:sheet", args=[draft.kind, draft.subject_id]) if draft.status in ON_SHEET else "",
    }


def _prompt(draft: Draft, user) -> Prompt | None:
    if not (draft.prompt_hash and user.has_perm("llm.view_prompt")):
        return None
    return Prompt.objects.filter(pk=draft.prompt_hash).first()
