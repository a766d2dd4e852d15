"""Rows that point to a subject by kind and id show its title; one look-up per kind and page."""

from django.db.models import Q

from apps.core.lists import CappedChangeList
from apps.drafts.registry import providers

MOST_SUBJECTS = 500


class SubjectChangeList(CappedChangeList):
    """A list whose rows carry `subject_title` ("" where the subject is gone)."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        attach_subjects(self.result_list)


def attach_subjects(rows: list) -> None:
    known = providers()
    found = {}
    for kind in {row.kind for row in rows} & set(known):
        subjects = known[kind].describe(sorted({row.subject_id for row in rows if row.kind == kind}))
        found |= {(kind, pk): subject for pk, subject in subjects.items()}
    for row in rows:
        row.subject = found.get((row.kind, row.subject_id))
        row.subject_title = row.subject.title if row.subject else ""


def about(text: str) -> Q:
    """Rows about subjects that the search of their own app finds by this text."""
    wanted = Q(pk__in=[])
    for kind, provider in providers().items():
        if ids := provider.search(text, limit=MOST_SUBJECTS):
            wanted |= Q(kind=kind, subject_id__in=ids)
    return wanted
