"""Every sentence that the desk's script shows, in the reader's language. `{name}` is filled in by the script."""

from django.utils.translation import gettext as _


def script_messages() -> dict[str, str]:
    return {**_saving(), **_deciding(), **_proving(), **_moving()}


def _saving() -> dict[str, str]:
    return {
        "saved": _("saved"),
        "saving": _("saving…"),
        "notSavedOffline": _("not saved: offline, will retry"),
        "notSaved": _("not saved: {message}"),
        "signedOut": _("You are signed out. Sign in again: nothing that you decided is lost."),
        "signIn": _("Sign in"),
        "serverError": _("A decision on “{title}” failed on the server. Open the sheet and decide again."),
        "characters": _("{n} characters"),
    }  # fmt: skip


def _deciding() -> dict[str, str]:
    return {
        "clean": _("clean"),
        "warnings": _("{n} to look at"),
        "blocked": _("blocked"),
        "notes": _("{n} notes"),
        "approved": _("Approved: {title} ({n})."),
        "approvedRest": _("Approved: {n}. Still open: {fields}."),
        "approvedField": _("Approved: {field}."),
        "rejected": _("Rejected: {title}."),
        "parked": _("Parked: {title}."),
        "regenerating": _("The model writes again: {title}."),
        "takenBack": _("Taken back: {title}."),
        "nothingToUndo": _("There is nothing of this visit to take back. See my last decisions."),
        "nothingClean": _("No field of this sheet is clean, so none was approved. Look at what is marked."),
        "blockedWhy": _("This field can't be approved: {message}"),
        "notSavedYet": _("The edit of “{field}” is not saved yet, so it was not approved."),
        "alreadyDecided": _("This field is decided."),
        "refused": _("{title}: {message}"),
        "openSheet": _("Open the sheet"),
        "holdToApprove": _("Press and hold to approve."),
        "approveSheet": _("Approve sheet"),
        "fieldsOf": _("{n} of {all}"),
        "forSecondReader": _("Waiting for a second reader: {n}."),
        "secondReader": _("You have approved this text. Another person has to read it before it goes out."),
        "twoReaders": _("needs two readers"),
        "secondReading": _("second reading, first read by {name}"),
        "changedSince": _("second reading, changed since {name} read it"),
        "waitsForAnother": _("read by you, waits for another person"),
        "status_approved": _("approved"),
        "status_second_review": _("waits for a second reader"),
        "status_rejected": _("rejected"),
        "status_parked": _("parked"),
        "status_requested": _("being written again"),
        "mine": _("mine"),
        "takeBack": _("Take back"),
    }  # fmt: skip


def _proving() -> dict[str, str]:
    return {
        "supports": _("supports {n} places of this sheet"),
        "supportedHere": _("{n} here"),
        "ways": _("Ways out"),
        "waysOf": _("Ways out of “{words}”"),
        "takenOut": _("Taken out: “{words}”."),
        "undo": _("Undo"),
        "factProposed": _("Proposed: {name}. It supports nothing until it is confirmed."),
        "factConfirmed": _("Confirmed: {name}. The sheet is checked again."),
        "findingAccepted": _("Accepted: {rule}. It counts until the facts or the text change."),
        "notSentOffline": _("Offline: this was not sent. Try again when the connection is back."),
    }


def _moving() -> dict[str, str]:
    return {
        "left": _("{left} of {all} sheets left"),
        "minutes": _("~{n} min"),
        "offlineQueued": _("Offline: {n} decisions wait here and will be sent."),
        "sending": _("Sending {n} decisions…"),
        "offlineNoSheet": _("Offline: the next sheet can't be loaded yet. What you decided is kept and will be sent."),
        "wrapped": _("That was the last one: here is what you skipped."),
        "loadFailed": _("The sheet could not be loaded: {message}"),
        "written": _("Written: {title}."),
        "keysOff": _("Single keys are off."),
        "settingsSaved": _("Settings saved."),
        "diffEmpty": _("Nothing is in the shop for this field yet: all of it is new."),
        "dismiss": _("Dismiss"),
    }
