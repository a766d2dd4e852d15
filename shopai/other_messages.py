"""Messages that `make messages` can't find where they are said. Nothing imports this file.

Unfold ships no translations, so locale/ carries what it says on our pages and Django does not translate. The audit
trail holds codes, which apps.core.admin says in the reader's language.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

UNFOLD = [
    _("Welcome back to"),
    _("You have been successfully logged out from the administration"),
    _("Toggle password visibility"),
    _("Return to site"),
    _("Go back"),
    _("Light"),
    _("Dark"),
    _("System"),
    _("General"),
    _("All applications"),
    _("Select record"),
    _("Select all rows"),
    _("Select action"),
    _("Select action to run"),
    _("Select value"),
    _("Run"),
    _("More actions"),
    _("Expand row"),
    _("Type to search"),
    _("Filters"),
    _("Apply Filters"),
    _("Date from"),
    _("Date to"),
    _("No data"),
    _("True"),
    _("False"),
    _("Choose file to upload"),
    _("Image preview"),
    _("Click to download"),
    _("This item will be deleted."),
    _("Click to cancel"),
    _("Add row"),
    _("Submit"),
    _("After you've created a user, you’ll be able to edit more user options."),
    _(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change the password "
        'using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
]

AUDIT_TRAIL = [
    pgettext_lazy("audit", "cancel"),
    pgettext_lazy("audit", "confirm"),
    pgettext_lazy("audit", "export"),
    pgettext_lazy("audit", "import"),
    pgettext_lazy("audit", "leave_alone"),
    pgettext_lazy("audit", "no_longer_leave_alone"),
    pgettext_lazy("audit", "outdate"),
    pgettext_lazy("audit", "release"),
    pgettext_lazy("audit", "request"),
    pgettext_lazy("audit", "retry"),
    pgettext_lazy("audit", "upload"),
    pgettext_lazy("audit", "audit"),
    pgettext_lazy("audit", "send_to_desk"),
    pgettext_lazy("audit", "bulk_approve"),
    pgettext_lazy("audit", "bulk_reject"),
    pgettext_lazy("audit", "propose_fact"),
    pgettext_lazy("audit", "confirm_fact"),
    pgettext_lazy("audit", "set_aside_fact"),
    pgettext_lazy("audit", "remove_fact"),
    pgettext_lazy("audit", "change_fact"),
    pgettext_lazy("audit", "accept"),
    pgettext_lazy("audit", "change_expiry"),
    pgettext_lazy("audit", "withdraw"),
    pgettext_lazy("audit", "end"),
    pgettext_lazy("audit", "add"),
    pgettext_lazy("audit", "change"),
    pgettext_lazy("audit", "delete"),
    pgettext_lazy("audit", "banned_word"),
    pgettext_lazy("audit", "draft"),
    pgettext_lazy("audit", "import"),
    pgettext_lazy("audit", "job"),
    pgettext_lazy("audit", "product"),
    pgettext_lazy("audit", "rule_exception"),
    pgettext_lazy("audit", "shop"),
]
