"""Which columns of a release should hold no personal data that a scan could find."""

from anonymize.core.transform import Transform
from anonymize.rulefile.rules import ColumnRule, RuleFile

FAMILIES = frozenset({"substitution", "generalization", "perturbation"})
"""What these make of personal data looks like personal data: pseudonyms, fakes, noise, coarser values."""

LOOKALIKES = frozenset({"mask_email", "mask_date"})


def may_be_scanned(rule: ColumnRule | None, rules: RuleFile) -> bool:
    """Whether personal data in a column under this rule would be a leftover; None for an unlisted column."""
    if rule is None:
        return True
    return not any(_looks_alike(step, rules) for step in rule.steps)


def _looks_alike(step: Transform, rules: RuleFile) -> bool:
    """A text into which fakes are put cannot be told from one in which people are left."""
    if step.use in LOOKALIKES or type(step).__module__.split(".")[-2] in FAMILIES:
        return True
    puts_fakes = getattr(step, "with_", None) == "fake"
    return puts_fakes or (bool(getattr(step, "known", None)) and _makes_fakes(rules))


def _makes_fakes(rules: RuleFile) -> bool:
    return any(step.use == "fake" for column in rules.columns.values() for step in column.steps)
