"""Drafts, decisions and banned words in the admin. The desk has pages of its own (apps/drafts/views)."""

from apps.drafts.admin import decisions, drafts, words

__all__ = ["decisions", "drafts", "words"]
