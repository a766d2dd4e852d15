"""Evidence: which confirmed fact stands behind each claim of a text, and which claims nothing stands behind.

`check.evidence_of` is the one way in. Everything here is exact: dictionaries, grammar of numbers and units, no model.
"""
