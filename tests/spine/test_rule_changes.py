"""What a change of the rules means."""

from anonymize.planning.changes import differ
from anonymize.rulefile.loading import parse_rules

BEFORE = """version: 1
dataset: clinic
columns:
  id: pseudonymize
  ssn: encrypt_deterministic
  zip: truncate(3)
  name: redact
  "visit_*": keep
  visit_day: truncate_date(month)
checks: [k_anonymity >= 5, uniqueness <= 0.1]
"""


def changes(before, after, names=()):
    """(settings, columns) with their meanings."""
    found = differ(parse_rules(before), parse_rules(after), names)
    return {c.part: (c.before, c.after, c.means) for c in found.settings}, {c.name: c.means for c in found.columns}


def test_equal_rules():
    """Another spelling of the same rules is no difference."""
    assert ({}, {}) == changes(BEFORE, BEFORE.replace("zip: truncate(3)", "zip: {steps: ['truncate( 3 )']}"))


def test_what_survives():
    """More of the value passes, or less."""
    _, columns = changes(BEFORE, BEFORE.replace("zip: truncate(3)", "zip: keep"))
    assert columns["zip"][0] == "survives: the whole value (was: the first 3 characters)"


def test_tokens_change_with_the_dataset():
    """Another name of the dataset, or another key, gives other tokens; columns without keys do not change."""
    settings, columns = changes(BEFORE, BEFORE.replace("clinic", "hospital"))
    assert set(columns) == {"id", "ssn"}
    assert "cannot be joined" in columns["id"][0]
    assert settings["dataset"][:2] == ("clinic", "hospital")
    _, columns = changes(BEFORE, BEFORE + "keys: {default: 'env:OTHER'}\n")
    assert set(columns) == {"id", "ssn"}


def test_who_can_restore():
    """A step that has no way back takes it from those who hold the key."""
    _, columns = changes(BEFORE, BEFORE.replace("ssn: encrypt_deterministic", "ssn: redact"))
    assert any(said.startswith("restorable by nobody") for said in columns["ssn"])


def test_a_column_falls_to_a_glob_or_to_nobody():
    """A removed line leaves its column to another pattern, or stops the run."""
    _, columns = changes(BEFORE, BEFORE.replace("  visit_day: truncate_date(month)\n", ""))
    assert "survives: the whole value" in columns["visit_day"][0]
    _, columns = changes(BEFORE, BEFORE.replace("  name: redact\n", ""))
    assert columns["name"] == ("the run stops at this column now: no rule covers it",)


def test_gates():
    """A gate may be stricter, looser, new or gone."""
    settings, _ = changes(BEFORE, BEFORE.replace(">= 5", ">= 3").replace(", uniqueness <= 0.1", ""))
    assert settings["check"][2] in ("looser", "nothing stops a run that fails it")
    assert [c.means for c in differ(parse_rules(BEFORE), parse_rules(BEFORE.replace("0.1", "0.01"))).settings] == [
        "stricter"
    ]


def test_only_the_columns_of_the_data():
    """With names of columns, only these are compared, unlisted ones too."""
    other = BEFORE.replace("dataset: clinic", "dataset: clinic\nunlisted: drop")
    _, columns = changes(BEFORE, other, ["zip", "extra"])
    assert columns == {"extra": ("the column passes now",)}
