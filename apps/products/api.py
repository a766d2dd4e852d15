"""REST API v1: products, published copy, and asking the model for copy. The verbs are those of the pages."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from apps.core import languages
from apps.drafts.models import Field
from apps.drafts.services import Refused
from apps.products.models import Fact, Listing, Product, PublishedCopy
from apps.products.services.generation import request_copy
from apps.work.api import ModelPermissions, RefusedByRule

MAX_PRODUCTS = 10_000


class FactSerializer(serializers.ModelSerializer):
    class Meta:
        model = Fact
        fields = ["name", "value", "unit", "language", "status", "source"]


class ListingSerializer(serializers.ModelSerializer):
    shop = serializers.CharField(source="shop.code")

    class Meta:
        model = Listing
        fields = ["shop", "external_key", "status"]


class ProductSerializer(serializers.ModelSerializer):
    listings = ListingSerializer(many=True, read_only=True)
    facts = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = ["id", "title", "brand", "category", "image_url", "updated_at", "listings", "facts"]

    @extend_schema_field(FactSerializer(many=True))
    def get_facts(self, product):
        return FactSerializer([fact for fact in product.facts.all() if fact.variant_id is None], many=True).data


class CopySerializer(serializers.ModelSerializer):
    shop = serializers.CharField(source="listing.shop.code")
    external_key = serializers.CharField(source="listing.external_key")
    product = serializers.IntegerField(source="listing.product_id")
    outdated = serializers.SerializerMethodField(
        help_text="A fact or a rule that the text rests on has changed since a person approved it."
    )

    class Meta:
        model = PublishedCopy
        fields = [
            "product", "shop", "external_key", "field", "language", "version", "text", "origin", "changed_share",
            "published_at", "outdated",
        ]  # fmt: skip

    def get_outdated(self, copy) -> bool:
        return copy.outdated_at is not None


class GenerateSerializer(serializers.Serializer):
    products = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=MAX_PRODUCTS)
    fields_ = serializers.ListField(child=serializers.ChoiceField(choices=Field.choices), min_length=1)
    languages = serializers.ListField(child=serializers.CharField(max_length=20), min_length=1)
    guidance = serializers.CharField(max_length=500, required=False, default="")
    sample_first = serializers.BooleanField(required=False, default=False)

    def get_fields(self):
        # `fields` is what clients send; as a class attribute it would hide the serializer's own.
        declared = super().get_fields()
        return {name.rstrip("_"): field for name, field in declared.items()}


class RequestedSerializer(serializers.Serializer):
    job = serializers.IntegerField(allow_null=True)
    requested = serializers.IntegerField()
    skipped = serializers.DictField(child=serializers.IntegerField())
    drafts = serializers.ListField(child=serializers.IntegerField())


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("shop", str, description="Code of a shop."),
            OpenApiParameter("q", str, description="Words of title, brand, category or SKU."),
        ]
    )
)
class ProductViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Products with their facts and listings."""

    queryset = Product.objects.order_by("id").prefetch_related("listings__shop", "facts")
    serializer_class = ProductSerializer
    permission_classes = [ModelPermissions]

    def get_queryset(self):
        products = super().get_queryset()
        if code := self.request.query_params.get("shop"):
            products = products.in_shop(code)
        if words := self.request.query_params.get("q"):
            products = products.matching(words)
        return products

    @extend_schema(request=GenerateSerializer, responses={202: RequestedSerializer})
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def generate(self, request):
        """Ask the model for drafts. They wait for a person's approval; nothing is published by this call."""
        wanted = GenerateSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        try:
            outcome = request_copy(
                user=request.user, product_ids=data["products"], fields=data["fields"], languages=data["languages"],
                guidance=data["guidance"], has_sample=data["sample_first"],
            )  # fmt: skip
        except Refused as refused:
            raise RefusedByRule(refused) from None
        answer = {
            "job": outcome.job and outcome.job.pk,
            "requested": outcome.requested,
            "skipped": dict(outcome.skipped),
            "drafts": outcome.draft_ids,
        }
        return Response(answer, status=status.HTTP_202_ACCEPTED)


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("shop", str, description="Code of a shop."),
            OpenApiParameter("language", str, description="BCP 47, compared without case; zh means zh-Hans."),
            OpenApiParameter("field", str, enum=Field.values),
            OpenApiParameter("product", int),
        ]
    )
)
class CopyViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Approved text, the current version of each; drafts are never served."""

    queryset = PublishedCopy.objects.all()
    serializer_class = CopySerializer
    permission_classes = [ModelPermissions]

    def get_queryset(self):
        copies = PublishedCopy.objects.current().select_related("listing__shop")
        wanted = self.request.query_params
        if code := wanted.get("shop"):
            copies = copies.filter(listing__shop__code=code)
        if field := wanted.get("field"):
            copies = copies.filter(field=field)
        if language := wanted.get("language"):
            try:
                copies = copies.filter(language=languages.normalize(language))
            except ValueError as error:
                raise ValidationError({"language": [str(error)]}) from None
        if product := wanted.get("product"):
            if not product.isdecimal():
                raise ValidationError({"product": [_("Must be a number.")]})
            copies = copies.filter(listing__product=int(product))
        return copies
