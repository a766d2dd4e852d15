"""Unfold's settings: title, colours, our stylesheet and the sidebar."""

from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


def _entry(title, icon: str, url: str, permission: str) -> dict:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(url),
        "permission": lambda request: request.user.has_perm(permission),
    }


def _is_on_the_desk(request) -> bool:
    # The list of decisions lies under the desk's address and has an entry of its own.
    return request.path.startswith(reverse("desk:desk")) and request.path != reverse("desk:decisions")


def _group(title, *entries: dict) -> dict:
    return {"title": title, "separator": True, "collapsible": False, "items": list(entries)}


NAVIGATION = [
    {"items": [{"title": _("Home"), "icon": "home", "link": reverse_lazy("admin:index")}]},
    _group(
        _("Review"),
        {**_entry(_("Review desk"), "rate_review", "desk:desk", "drafts.review_draft"), "active": _is_on_the_desk},
        _entry(_("My last decisions"), "history", "desk:decisions", "drafts.review_draft"),
        _entry(_("Drafts"), "article", "admin:drafts_draft_changelist", "drafts.view_draft"),
        _entry(_("Words and phrases"), "block", "admin:drafts_bannedword_changelist", "drafts.view_bannedword"),
        _entry(_("Rule packs"), "rule_settings", "admin:drafts_packswitch_changelist", "drafts.view_packswitch"),
        _entry(
            _("Accepted findings"),
            "verified_user",
            "admin:drafts_ruleexception_changelist",
            "drafts.view_ruleexception",
        ),
    ),
    _group(
        _("Catalogue"),
        _entry(_("Products"), "inventory_2", "admin:products_product_changelist", "products.view_product"),
        _entry(_("Uploads"), "upload_file", "admin:imports_import_changelist", "imports.view_import"),
        _entry(_("Export"), "download", "products:export", "products.export_product"),
        _entry(_("Live text audit"), "manage_search", "products:audit", "products.view_auditrun"),
        _entry(_("Shops"), "storefront", "admin:products_shop_changelist", "products.view_shop"),
        _entry(_("Facts"), "fact_check", "admin:products_fact_changelist", "products.confirm_fact"),
        _entry(
            _("Published copy"),
            "published_with_changes",
            "admin:products_publishedcopy_changelist",
            "products.view_publishedcopy",
        ),
    ),
    _group(
        _("Operation"),
        _entry(_("Jobs"), "conveyor_belt", "admin:work_job_changelist", "work.view_job"),
        _entry(_("Models"), "neurology", "admin:llm_modelversion_changelist", "llm.view_modelversion"),
        _entry(_("Decisions"), "gavel", "admin:drafts_decision_changelist", "drafts.bulk_review_draft"),
        _entry(_("Audit trail"), "policy", "admin:core_auditevent_changelist", "core.view_auditevent"),
        _entry(_("People"), "group", "admin:auth_user_changelist", "auth.view_user"),
        _entry(_("API tokens"), "key", "admin:authtoken_tokenproxy_changelist", "authtoken.view_tokenproxy"),
        _entry(_("API"), "api", "api-docs", "products.view_product"),
    ),
]

UNFOLD = {
    "SITE_TITLE": "ShopAI",
    "SITE_HEADER": "ShopAI",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("shopai/icon.svg")},
    ],
    "SITE_URL": None,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "shopai.home.dashboard",
    "STYLES": [lambda request: static("shopai/shopai.css")],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": NAVIGATION},
    "COLORS": {
        "primary": {
            "50": "oklch(97.2% .014 195)",
            "100": "oklch(94.2% .03 195)",
            "200": "oklch(88.6% .055 195)",
            "300": "oklch(80.5% .085 195)",
            "400": "oklch(70.5% .1 195)",
            "500": "oklch(60% .1 195)",
            "600": "oklch(50.5% .088 195)",
            "700": "oklch(43.5% .075 195)",
            "800": "oklch(37% .062 195)",
            "900": "oklch(31% .05 195)",
            "950": "oklch(23% .038 195)",
        }
    },
}
