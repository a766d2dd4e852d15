"""Fact sheets and reference texts, written for this project by a grammar: the training text of the bundled model.

`examples.example(seed, index, split)` is the whole interface: every example depends on nothing but these three.
"""
