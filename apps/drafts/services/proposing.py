"""From an unsupported claim to a fact: proposed at the desk with its source, confirmed by who has that right."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.drafts.models import Draft
from apps.drafts.registry import provider_of
from apps.drafts.services.errors import Refused, gone, not_allowed


@transaction.atomic
def propose_fact(
    *, user, draft_id: int, name: str, value: str, source_note: str, is_confirmed: bool = False
) -> int:  # fmt: skip
    """A fact of the draft's subject, in the draft's language; returns its id.

    It supports nothing until it is confirmed; `is_confirmed` does that as well, for a person with the right. Raises
    Refused, also where no source is named: a fact that nobody can look up proves nothing.
    """
    draft = _draft(user, draft_id)
    if not source_note.strip():
        raise Refused("invalid", _("Say where the fact comes from: a data sheet and its page, or an address."))
    provider = provider_of(draft.kind)
    fact_id = provider.propose_fact(
        user=user, subject_id=draft.subject_id, name=name, value=value, language=draft.language, source_note=source_note
    )
    if is_confirmed:
        provider.confirm_fact(user=user, subject_id=draft.subject_id, fact_id=fact_id)
    return fact_id


@transaction.atomic
def confirm_fact(*, user, draft_id: int, fact_id: int) -> None:
    """A proposed fact of the draft's subject supports texts from now on. Raises Refused."""
    draft = _draft(user, draft_id)
    provider_of(draft.kind).confirm_fact(user=user, subject_id=draft.subject_id, fact_id=fact_id)


def _draft(user, draft_id: int) -> Draft:
    if not user.has_perm("drafts.review_draft"):
        raise not_allowed()
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None:
        raise gone()
    return draft
