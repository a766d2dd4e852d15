"""What Unfold says on our pages and Django does not translate: Unfold ships no translations, so locale/ carries them.

Nothing imports this; `make messages` reads it.
"""

from django.utils.translation import gettext_noop as _

MESSAGES = [
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
