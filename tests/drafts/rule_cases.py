"""What every rule test needs: a context and the words that a rule marked."""

from apps.drafts.registry import CheckContext, FactView


def fact(name, value, unit="", language="en", status="confirmed", role="attribute"):
    return FactView(name=name, value=value, unit=unit, language=language, status=status, role=role)


def context(field="long_description", language="en", facts=(), finish_reason="stop"):
    return CheckContext(field=field, language=language, facts=tuple(facts), finish_reason=finish_reason)


def marked(rule, text, checked_against):
    """The pieces of `text` that the rule marks."""
    return [text[span.start : span.end] for span in rule.find(text, checked_against)]


def severities(rule, text, checked_against):
    return [int(rule.severity if span.severity is None else span.severity) for span in rule.find(text, checked_against)]
