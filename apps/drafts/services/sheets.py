"""The desk's unit of work: one subject with all its open drafts, claimed by one reviewer per language."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Prefetch, Q
from django.db.models.functions import Now
from django.utils import timezone

from apps.drafts.checking import CheckResult, FindingView
from apps.drafts.models import Candidate, DeskPreference, Draft, Field, Finding, SheetClaim
from apps.drafts.registry import Subject, provider_of
from apps.drafts.services.editing import recheck
from apps.drafts.services.second_reading import needing_second
from apps.drafts.states import Status

ON_SHEET = (Status.IN_REVIEW, Status.ABSTAINED, Status.SECOND_REVIEW, Status.OUTDATED)
_FIELD_ORDER = {value: place for place, value in enumerate(Field.values)}
_CLAIM = """
INSERT INTO drafts_sheetclaim (kind, subject_id, language, reviewer_id, until)
SELECT %(kind)s, %(subject)s, unnest(%(languages)s::text[]), %(user)s, now() + %(length)s
ON CONFLICT (kind, subject_id, language) DO UPDATE SET reviewer_id = excluded.reviewer_id, until = excluded.until
WHERE drafts_sheetclaim.until < now() OR drafts_sheetclaim.reviewer_id = excluded.reviewer_id
RETURNING language
"""
TRIES = 5


@dataclass(frozen=True)
class DeskFilter:
    """What a reviewer wants to see; empty means everything. `languages` empty: those of the reviewer's preference."""

    languages: tuple[str, ...] = ()
    category: str = ""
    field: str = ""
    severity: int | None = None
    job_id: int | None = None
    kind: str = ""
    status: str = ""

    def queryset(self):
        drafts = Draft.objects.to_review().in_languages(list(self.languages))
        wanted = {"category": self.category, "field": self.field, "kind": self.kind, "job_id": self.job_id}
        wanted["status"] = self.status
        drafts = drafts.filter(**{name: value for name, value in wanted.items() if value})
        return drafts if self.severity is None else drafts.filter(severity=self.severity)


@dataclass
class SheetDraft:
    """One field in one language: `candidates` carry their findings, `findings` are those of the current text.

    `result` is the check of today, with the links to facts; None where the text was not checked for this sheet.
    """

    draft: Draft
    candidates: list[Candidate]
    text: str
    findings: list[Finding | FindingView]
    current: str
    needs_second: bool = False
    result: CheckResult | None = None

    @property
    def check_key(self) -> str:
        return self.draft.check_key

    @property
    def model_name(self) -> str:
        return self.draft.model_version.name if self.draft.model_version else ""


@dataclass
class Sheet:
    kind: str
    subject: Subject
    drafts: list[SheetDraft]
    cursor: str = ""
    claimed_until: object = None
    claimed_by_other: str = ""
    languages: tuple[str, ...] = field(default=())


def reviewer_languages(user) -> tuple[str, ...]:
    preference = DeskPreference.objects.filter(user=user).first()
    return tuple(preference.languages) if preference else ()


def next_sheet(*, user, desk_filter: DeskFilter, after: str = "") -> Sheet | None:
    """Claim and load the next sheet of the queue behind the cursor `after`; from the start again where none is left.

    Fixed number of queries. None: nothing waits that no one else has claimed.
    """
    for start in (after, "") if after else ("",):
        for _try in range(TRIES):
            found = _next_row(user, desk_filter, start)
            if found is None:
                break
            sheet = load_sheet(
                user=user,
                kind=found.kind,
                subject_id=found.subject_id,
                languages=desk_filter.languages,
                wants_claim=True,
                is_queued=True,
            )
            if sheet is not None and not sheet.claimed_by_other:
                sheet.cursor = _cursor(found)
                return sheet
    return None


def _cursor(draft: Draft) -> str:
    return f"{draft.severity or 0}:{draft.subject_id}:{draft.category}"


def _next_row(user, desk_filter: DeskFilter, after: str) -> Draft | None:
    """The first row behind the cursor in index order (category, severity downwards, subject).

    Up to three queries that each walk the index from its place, where one with OR would read all that was passed.
    """
    rows = desk_filter.queryset().not_first_read_by(user).not_claimed_by_others(user)
    rows = rows.order_by("category", "-severity", "subject_id").only("id", "kind", "subject_id", "category", "severity")
    severity, _, rest = after.partition(":")
    subject, _, category = rest.partition(":")
    if not (severity.isdecimal() and subject.isdecimal()):
        return rows.first()
    same = rows.filter(category=category)
    return (
        same.filter(severity=int(severity), subject_id__gt=int(subject)).first()
        or same.filter(severity__lt=int(severity)).exclude(subject_id=int(subject)).first()
        or rows.filter(category__gt=category).first()
    )


def load_sheet(
    *,
    user,
    kind: str,
    subject_id: int,
    languages: tuple[str, ...] = (),
    wants_claim: bool = False,
    is_queued: bool = False,
) -> Sheet | None:
    """All open drafts of a subject in these languages (empty: all), or None where it has none or is gone.

    `is_queued`: without those that wait for another person, because this one was the first of two to read them.
    """
    rows = Draft.objects.filter(kind=kind, subject_id=subject_id, status__in=ON_SHEET).in_languages(list(languages))
    rows = rows.not_first_read_by(user) if is_queued else rows
    found = Finding.objects.order_by("start")
    rows = rows.select_related("model_version", "chosen", "requested_by", "reviewed_by", "job").prefetch_related(
        Prefetch("candidates", Candidate.objects.prefetch_related(Prefetch("findings", found))),
        Prefetch("findings", found.filter(candidate__isnull=True), to_attr="text_findings"),
    )
    drafts = sorted(rows, key=lambda draft: (draft.language, _FIELD_ORDER.get(draft.field, 99)))
    subject = provider_of(kind).describe([subject_id]).get(subject_id)
    if not drafts or subject is None:
        return None
    strict = needing_second(drafts)
    items = [_sheet_draft(draft, subject, needs_second=draft.pk in strict) for draft in drafts]
    sheet = Sheet(kind=kind, subject=subject, drafts=items)
    sheet.languages = tuple(dict.fromkeys(draft.language for draft in drafts))
    if wants_claim:
        _claim(user, sheet)
        _refresh_checks(sheet)
    return sheet


def _refresh_checks(sheet: Sheet) -> None:
    """Judge by the facts and rules of today what was checked before they changed: approval asks for exactly that."""
    results = recheck(drafts=[each.draft for each in sheet.drafts])
    for each in sheet.drafts:
        if each.draft.pk in results:
            each.result = results[each.draft.pk]
            each.findings = list(each.result.findings)


def _sheet_draft(draft: Draft, subject: Subject, *, needs_second: bool) -> SheetDraft:
    newest = max((candidate.round for candidate in draft.candidates.all()), default=0)
    return SheetDraft(
        draft=draft,
        candidates=[candidate for candidate in draft.candidates.all() if candidate.round == newest],
        text=draft.text,
        findings=draft.text_findings,
        current=subject.current.get((draft.field, draft.language), ""),
        needs_second=needs_second,
    )


def _claim(user, sheet: Sheet) -> None:
    length = timedelta(seconds=settings.SHOPAI_CLAIM_SECONDS)
    values = {"kind": sheet.kind, "subject": sheet.subject.id, "user": user.pk, "length": length}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values | {"languages": sorted(sheet.languages)})
        mine = {row[0] for row in cursor.fetchall()}
    if missing := set(sheet.languages) - mine:
        sheet.drafts = [each for each in sheet.drafts if each.draft.language in mine]
        if not mine:
            sheet.claimed_by_other = claim_holder(kind=sheet.kind, subject_id=sheet.subject.id, languages=missing)
    sheet.claimed_until = timezone.now() + length


def claim_holder(*, kind: str, subject_id: int, languages) -> str:
    claim = SheetClaim.objects.filter(
        kind=kind, subject_id=subject_id, language__in=languages, until__gt=Now()
    ).select_related("reviewer")  # fmt: skip
    found = claim.first()
    return found.reviewer.get_username() if found else ""


def release(*, user, kind: str, subject_id: int) -> None:
    """Give a claim up, so that others see the sheet again."""
    SheetClaim.objects.filter(Q(reviewer=user) | Q(until__lt=Now()), kind=kind, subject_id=subject_id).delete()


def count_sheets(*, user, desk_filter: DeskFilter) -> int:
    """How many sheets wait for this person; remembered for some seconds, because counting 200,000 drafts takes a while."""
    key = "desk-count:" + sha256(repr((user.pk, desk_filter)).encode()).hexdigest()
    count = cache.get(key)
    if count is None:
        count = desk_filter.queryset().not_first_read_by(user).values("kind", "subject_id").distinct().count()
        cache.set(key, count, timeout=15)
    return count
