"""Shops, products, listings, variants, facts and the copy that was published."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import TimeStamped
from apps.drafts.models import Draft, Field
from apps.products.querysets import FactQuerySet, ProductQuerySet, PublishedCopyQuerySet


class Shop(TimeStamped):
    """A storefront."""

    class Platform(models.TextChoices):
        SHOPIFY = "shopify", "Shopify"
        WOOCOMMERCE = "woocommerce", "WooCommerce"
        MAGENTO = "magento", "Magento"
        OTHER = "other", _("other")

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9_-]*$", _("Use a-z, 0-9, - and _."))],
    )
    name = models.CharField(_("name"), max_length=120)
    platform = models.CharField(_("platform"), max_length=20, choices=Platform.choices, default=Platform.SHOPIFY)
    base_language = models.CharField(_("base language"), max_length=20, default="en")
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("languages"))
    markets = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name=_("markets"),
        help_text=_("ISO 3166 codes, or EU."),
    )  # fmt: skip
    second_review = models.BooleanField(
        _("two people read every text"),
        default=False,
        help_text=_(
            "A text for a product of this shop is published only after two people have approved it, word for word."
        ),
    )

    withdraws_outdated = models.BooleanField(
        _("take outdated text back"),
        default=False,
        help_text=_(
            "The API and exports no longer carry a text once a fact or a rule that it rests on has changed. Otherwise it"
            " stays, marked as outdated, until a person has decided."
        ),
    )

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def __str__(self):
        return self.name


class Product(TimeStamped):
    """A thing sold in one or more shops; `title`, `brand` and `category` repeat the facts of these roles for lists."""

    title = models.CharField(_("title"), max_length=500)
    brand = models.CharField(_("brand"), max_length=200, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    image_url = models.CharField(_("image"), max_length=1000, blank=True)
    leave_alone = models.BooleanField(
        _("leave alone"), default=False, help_text=_("No copy is ever generated for this product.")
    )
    facts_key = models.CharField(max_length=64, blank=True)
    search = SearchVectorField(null=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        permissions = [("export_product", _("Can export products"))]
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
            models.Index(fields=["category", "id"], name="product_category"),
        ]

    def __str__(self):
        return self.title


class SourceTable(TimeStamped):
    """The shape of an imported file, kept so that an export can give every column back as it came."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="tables")
    upload = models.ForeignKey("imports.Import", on_delete=models.SET_NULL, null=True, related_name="+")
    dialect = models.CharField(max_length=30)
    encoding = models.CharField(max_length=30, default="utf-8")
    delimiter = models.CharField(max_length=2, default=",")
    newline = models.CharField(max_length=2, default="\n")
    header = models.JSONField()
    mapping = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("source table")
        verbose_name_plural = _("source tables")

    def __str__(self):
        return f"{self.dialect} {self.pk}"


class Listing(TimeStamped):
    """A product in a shop; `live` is the text that stands there: field id -> plain text in the shop's base language."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="listings", verbose_name=_("shop"))
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="listings", verbose_name=_("product"))
    external_key = models.CharField(_("handle or id"), max_length=255)
    status = models.CharField(_("status in the shop"), max_length=20, blank=True)
    body_html = models.TextField(_("body"), blank=True)
    live = models.JSONField(_("live text"), default=dict)
    seen_at = models.DateTimeField(_("last seen in an import"), null=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [
            models.UniqueConstraint(fields=["shop", "external_key"], name="listing_key_once_per_shop"),
            models.UniqueConstraint(fields=["shop", "product"], name="listing_once_per_shop"),
        ]

    def __str__(self):
        return f"{self.external_key} ({self.shop_id})"


class ListingRow(models.Model):
    """An original row of the shop's file, cell by cell, for the round trip."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="rows")
    table = models.ForeignKey(SourceTable, on_delete=models.CASCADE, related_name="rows")
    row_number = models.BigIntegerField()
    cells = models.JSONField()

    class Meta:
        verbose_name = _("original row")
        verbose_name_plural = _("original rows")
        constraints = [models.UniqueConstraint(fields=["table", "row_number"], name="listing_row_once")]

    def __str__(self):
        return f"{self.table_id}:{self.row_number}"


class Variant(TimeStamped):
    """One buyable form of a product. SKUs may repeat in real files, so a variant is known by its options."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants", verbose_name=_("product"))
    key = models.CharField(max_length=500)
    sku = models.CharField(_("SKU"), max_length=200, blank=True)
    position = models.IntegerField(_("position"), default=0)
    options = models.JSONField(_("options"), default=dict)
    barcode = models.CharField(_("barcode"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["product", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "key"], name="variant_once")]
        indexes = [models.Index(fields=["sku"], name="variant_sku")]

    def __str__(self):
        return self.sku or self.key


class Fact(TimeStamped):
    """One thing that is known of a product or of one of its variants. Only confirmed facts support a text."""

    class Source(models.TextChoices):
        IMPORT = "import", _("import")
        PERSON = "person", _("person")
        TEXT = "text", _("proposed from a text")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")

    class Role(models.TextChoices):
        TITLE = "title", _("title")
        BRAND = "brand", _("brand")
        CATEGORY = "category", _("category")
        ATTRIBUTE = "attribute", _("attribute")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="facts", verbose_name=_("product"))
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="facts", verbose_name=_("variant")
    )
    # The listing whose import brought the fact: an import replaces only its own.
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True, blank=True, related_name="facts")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.ATTRIBUTE)
    name = models.CharField(_("name"), max_length=200)
    value = models.TextField(_("value"))
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=20)
    canonical = models.TextField(editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    source_note = models.CharField(_("where from"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    fingerprint = models.CharField(max_length=64, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        permissions = [("confirm_fact", _("Can confirm facts"))]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "variant", "listing", "fingerprint"], nulls_distinct=False, name="fact_once"
            ),
        ]
        indexes = [models.Index(fields=["product", "status"], name="fact_product")]

    def __str__(self):
        return f"{self.name}: {self.value}{' ' + self.unit if self.unit else ''}"


class DescriptionDraft(Draft):
    """A draft of one field of product copy; `shop` is set only where the text must differ for that shop."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="description_drafts", verbose_name=_("product")
    )
    shop = models.ForeignKey(
        Shop, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("shop")
    )

    class Meta:
        verbose_name = _("description draft")
        verbose_name_plural = _("description drafts")

    def __str__(self):
        return f"{self.product_id} {super().__str__()}"


class PublishedCopy(models.Model):
    """One version of the text of one field of a listing in one language, and who wrote it."""

    class Origin(models.TextChoices):
        PERSON = "person", _("person")
        MODEL = "model", _("model")
        EDITED = "edited", _("model, edited by a person")

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="copy", verbose_name=_("listing"))
    field = models.CharField(_("field"), max_length=30, choices=Field.choices)
    language = models.CharField(_("language"), max_length=20)
    version = models.IntegerField(_("version"))
    text = models.TextField(_("text"))
    text_hash = models.CharField(max_length=64)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    changed_share = models.FloatField(_("share changed by a person"), default=0.0)
    draft = models.ForeignKey(
        DescriptionDraft, on_delete=models.SET_NULL, null=True, related_name="copy", verbose_name=_("draft")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by")
    )
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    exported_at = models.DateTimeField(_("exported"), null=True)
    live_at = models.DateTimeField(_("seen live"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    # A fact or a rule that the text rests on has changed since it was approved.
    outdated_at = models.DateTimeField(_("outdated"), null=True)

    objects = PublishedCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("published copy")
        verbose_name_plural = _("published copy")
        constraints = [
            models.UniqueConstraint(fields=["listing", "field", "language", "version"], name="copy_version_once")
        ]
        indexes = [
            models.Index(
                fields=["listing", "field", "language", "-version"],
                condition=Q(withdrawn_at__isnull=True),
                name="copy_current",
            ),
            models.Index(fields=["published_at"], name="copy_published"),
        ]

    def __str__(self):
        return f"{self.field} {self.language} v{self.version}"
