"""The roles that a shop's people have: groups of permissions, kept in step after every migrate."""

from django.apps import apps as registry

REVIEWER = "reviewer"
MANAGER = "manager"
ENGINEER = "engineer"

_REVIEWER = [
    "drafts.view_draft", "drafts.review_draft", "drafts.view_decision", "products.view_product", "products.view_shop",
    "products.view_listing", "products.view_variant", "products.view_fact", "products.add_fact",
    "products.view_publishedcopy", "products.view_descriptiondraft", "products.view_auditrun", "work.view_job",
]  # fmt: skip
_MANAGER = [
    *_REVIEWER,
    "drafts.bulk_review_draft", "drafts.request_draft", "drafts.view_bannedword", "drafts.add_bannedword",
    "drafts.change_bannedword", "drafts.delete_bannedword", "drafts.view_packswitch", "drafts.add_packswitch",
    "drafts.change_packswitch", "drafts.delete_packswitch", "drafts.accept_finding", "drafts.view_ruleexception",
    "drafts.add_ruleexception", "drafts.change_ruleexception", "imports.view_import", "imports.add_import",
    "imports.change_import", "products.add_shop", "products.change_shop", "products.change_product",
    "products.confirm_fact", "products.change_fact", "products.run_audit", "products.export_product", "work.change_job",
    "llm.view_modelversion", "llm.view_prompt", "core.view_auditevent",
]  # fmt: skip
_ENGINEER = [
    "llm.view_modelversion", "llm.view_prompt", "work.view_job", "work.view_workitem", "core.view_auditevent",
]  # fmt: skip
ROLES = {REVIEWER: _REVIEWER, MANAGER: _MANAGER, ENGINEER: _ENGINEER}


def sync_roles(*, strict: bool = True) -> None:
    """Make the groups hold exactly the permissions above.

    Raises Permission.DoesNotExist for a name that is no permission, unless not `strict` (a migration half way back).
    """
    Group = registry.get_model("auth", "Group")
    Permission = registry.get_model("auth", "Permission")
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role, names in ROLES.items():
        missing = [name for name in names if name not in known]
        if missing and strict:
            raise Permission.DoesNotExist(f"role {role} names unknown permissions: {', '.join(missing)}")
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names if name in known])
