"""REST API v1: following a job, and what every endpoint shares."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import APIException
from rest_framework.permissions import DjangoModelPermissions

from apps.work.models import Job
from apps.work.services.jobs import job_progress


class ModelPermissions(DjangoModelPermissions):
    """Django's model permissions, reading included; the verbs behind POST check their own right."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
        "OPTIONS": ["%(app_label)s.view_%(model_name)s"],
        "POST": ["%(app_label)s.view_%(model_name)s"],
    }


class RefusedByRule(APIException):
    """A service's refusal: 403 where the right is missing, 409 where someone was faster, 400 otherwise."""

    _STATUS = {"not_allowed": status.HTTP_403_FORBIDDEN, "invalid": status.HTTP_400_BAD_REQUEST}

    def __init__(self, refused) -> None:
        super().__init__(detail=str(refused), code=refused.code)
        self.status_code = self._STATUS.get(refused.code, status.HTTP_409_CONFLICT)


class ProgressSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    held = serializers.IntegerField()
    waiting = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    per_minute = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)


class JobSerializer(serializers.ModelSerializer):
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = ["id", "kind", "title", "state", "created_at", "finished_at", "progress"]

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, job):
        return ProgressSerializer(job_progress(job)).data


class JobViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """How far a job is."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    permission_classes = [ModelPermissions]
