"""The review desk, mounted at /admin/desk/."""

from django.urls import path

from apps.drafts.views import accepting, decide, editing, facts, history, preferences, sheets

app_name = "desk"
urlpatterns = [
    path("", sheets.desk, name="desk"),
    path("next/", sheets.next_fragment, name="next"),
    path("empty/", sheets.empty_fragment, name="empty"),
    path("count/", sheets.count, name="count"),
    path("filters/", sheets.filter_options, name="filters"),
    path("release/", sheets.release, name="release"),
    path("decide/", decide.decide, name="decide"),
    path("save/", editing.save, name="save"),
    path("choose/", editing.choose, name="choose"),
    path("facts/propose/", facts.propose, name="propose"),
    path("facts/confirm/", facts.confirm, name="confirm"),
    path("accept/", accepting.accept, name="accept"),
    path("decisions/", history.page, name="decisions"),
    path("decisions/panel/", history.panel, name="panel"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("<slug:kind>/<int:subject_id>/", sheets.sheet_page, name="sheet"),
    path("<slug:kind>/<int:subject_id>/fragment/", sheets.sheet_fragment, name="sheet_fragment"),
]
