"""Checking the text that already stands in the shops, and keeping it in step with facts and rules that change."""
