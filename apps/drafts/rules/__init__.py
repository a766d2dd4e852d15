"""Quality rules: one small class each, listed in SHOPAI_RULES.

A rule of your own is a subclass of `base.Rule` anywhere on the path and one more line in that setting.
"""
