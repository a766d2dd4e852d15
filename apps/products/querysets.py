from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Exists, OuterRef

# A pasted page must not become a query of thousands of terms.
SEARCH_WORDS = 30


class ProductQuerySet(models.QuerySet):
    def matching(self, text: str):
        """Full-text search; Chinese is segmented in Python, as it is when `search` is written."""
        from apps.products.search import segment

        words = segment(text).split()[:SEARCH_WORDS]
        if not words:
            return self
        query = SearchQuery(words[0], config="simple")
        for word in words[1:]:
            query &= SearchQuery(word, config="simple")
        return self.filter(search=query)

    def in_shop(self, code: str):
        return self.filter(listings__shop__code=code)

    def with_text(self):
        """A long description stands in some shop, or was published and is on its way there."""
        live, copy = self._texts()
        return self.filter(live | copy)

    def without_text(self):
        live, copy = self._texts()
        return self.filter(~live, ~copy)

    @staticmethod
    def _texts():
        from apps.products.models import Listing, PublishedCopy

        name = "long_description"
        live = Listing.objects.filter(product=OuterRef("pk"), live__has_key=name)
        copy = PublishedCopy.objects.filter(listing__product=OuterRef("pk"), field=name, withdrawn_at__isnull=True)
        return Exists(live), Exists(copy)


class FactQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(status="confirmed")


class LiveTextQuerySet(models.QuerySet):
    def flagged(self):
        return self.filter(findings_count__gt=0)

    def ranked(self):
        """The gravest first: severity, then law, safety, certificates and health, then the number of findings."""
        return self.order_by("-severity", "-is_grave", "-findings_count", "id")


class PublishedCopyQuerySet(models.QuerySet):
    def newest(self):
        """As `current`, but as a condition, so that it can be filtered and counted further."""
        newer = self.model.objects.filter(
            listing=OuterRef("listing"),
            field=OuterRef("field"),
            language=OuterRef("language"),
            version__gt=OuterRef("version"),
            withdrawn_at__isnull=True,
        )
        return self.filter(~Exists(newer), withdrawn_at__isnull=True)

    def current(self):
        """The newest version that was not withdrawn, per listing, field and language."""
        return (
            self.filter(withdrawn_at__isnull=True)
            .order_by("listing", "field", "language", "-version")
            .distinct("listing", "field", "language")
        )
