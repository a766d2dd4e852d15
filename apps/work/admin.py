"""Jobs: the list, and a page per job that follows it, retries, cancels and releases the sample."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.work.models import Job, WorkItem
from apps.work.services import jobs

MAX_REASONS = 20
_STATE_COLOURS = {"running": "info", "sampling": "warning", "done": "success", "cancelled": "default"}


def _count(**states):
    rows = WorkItem.objects.filter(job=OuterRef("pk"), **states).order_by().values("job")
    return Subquery(rows.annotate(n=Count("id")).values("n"), output_field=IntegerField())


@admin.register(Job)
class JobAdmin(ModelAdmin):
    list_display = ["shown_title", "shown_state", "left", "failed", "requested_by", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["requested_by"]
    list_display_links = None
    ordering = ["-id"]
    empty_hint = gettext_lazy("Choose products and let the model write: each request is followed here.")
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request):
        unfinished = _count(state__in=["held", "open"])
        return super().get_queryset(request).annotate(left_rows=unfinished, failed_rows=_count(state="failed"))

    @admin.display(description=gettext_lazy("job"))
    def shown_title(self, job: Job):
        return format_html('<a href="{}">{}</a>', reverse("admin:work_job_change", args=[job.pk]), str(job))

    @display(description=gettext_lazy("state"), label=_STATE_COLOURS)
    def shown_state(self, job: Job):
        return job.state, job.get_state_display()

    @admin.display(description=gettext_lazy("left"))
    def left(self, job: Job) -> int:
        return job.left_rows or 0

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, job: Job) -> int:
        return job.failed_rows or 0

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", wrap(self.progress_view), name="work_job_progress"),
            path("<int:pk>/do/", wrap(self.do_view), name="work_job_do"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        job = self._job(request, object_id)
        context = {**self.admin_site.each_context(request), **self._context(request, job), "title": str(job)}
        return render(request, "work/job.html", {**context, "opts": self.opts, "original": job})

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that follows the job; asks for itself again while the job is unfinished."""
        return render(request, "work/job_progress.html", self._context(request, self._job(request, pk)))

    def do_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST only: `verb` is retry, cancel or release."""
        job = self._job(request, pk)
        if request.method != "POST" or not self.has_change_permission(request, job):
            raise PermissionDenied
        verb = request.POST.get("verb")
        if verb == "retry":
            count = jobs.retry_failed(user=request.user, job=job)
            text = ngettext("%(n)d row gets another try.", "%(n)d rows get another try.", count) % {"n": count}
        elif verb == "cancel":
            count = jobs.cancel_job(user=request.user, job=job)
            text = ngettext("%(n)d row was cancelled.", "%(n)d rows were cancelled.", count) % {"n": count}
        elif verb == "release":
            count = jobs.release_sample(user=request.user, job=job)
            text = ngettext("%(n)d more row is being written.", "%(n)d more rows are being written.", count) % {
                "n": count
            }
        else:
            raise Http404
        messages.success(request, text) if count else messages.info(request, _("Nothing was left to do."))
        return redirect("admin:work_job_change", pk)

    def _job(self, request: HttpRequest, pk) -> Job:
        job = Job.objects.select_related("requested_by").filter(pk=pk).first() if str(pk).isdecimal() else None
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        if job is None:
            raise Http404
        return job

    def _context(self, request: HttpRequest, job: Job) -> dict:
        failures = WorkItem.objects.filter(job=job, state="failed").values("reason").annotate(n=Count("id"))
        waiting = WorkItem.objects.filter(job=job, state="open").exclude(reason="")
        return {
            "job": job,
            "progress": jobs.job_progress(job),
            "is_unfinished": job.state == Job.State.RUNNING
            or (job.state == Job.State.SAMPLING and WorkItem.objects.filter(job=job, state="open").exists()),
            "failures": failures.order_by("-n")[:MAX_REASONS],
            "delay_reason": waiting.values_list("reason", flat=True).first(),
            "can_change": self.has_change_permission(request, job),
            "desk_url": f"{reverse('desk:desk')}?job={job.pk}",
        }
