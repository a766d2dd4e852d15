from django.utils.translation import gettext as _


class Refused(Exception):
    """A decision that can't be carried out; `str()` tells the operator why, `code` tells a program.

    Codes: stale, blocked, facts_changed, not_allowed, gone, claimed, second_reader, invalid.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def gone() -> Refused:
    return Refused("gone", _("This draft no longer exists; its product may have been deleted."))


def stale(status_label: str) -> Refused:
    return Refused(
        "stale",
        _("Someone was faster: this draft is now “%(status)s”. Load the sheet again.") % {"status": status_label},
    )


def edited_elsewhere() -> Refused:
    return Refused("stale", _("The text was changed elsewhere since you opened it. Load the sheet again."))


def second_reader() -> Refused:
    return Refused("second_reader", _("You have approved this text. Another person has to read it before it goes out."))


def not_allowed() -> Refused:
    return Refused("not_allowed", _("You do not have the right to do this."))
