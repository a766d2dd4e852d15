"""The approval engine's verbs, shared by the desk, bulk actions and the API."""

from apps.drafts.services.errors import Refused

__all__ = ["Refused"]
