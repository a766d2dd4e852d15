"""Drafts, decisions and the lists that managers keep. The desk has pages of its own (apps/drafts/views)."""

from apps.drafts.admin import decisions, drafts, exceptions, switches, words

__all__ = ["decisions", "drafts", "exceptions", "switches", "words"]
