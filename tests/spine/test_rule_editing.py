"""A step is put into a rule file, and every other character stays."""

import pytest

from anonymize.core.errors import RuleError
from anonymize.rulefile.editing import set_row_step

HEAD = "version: 1  # one\ncolumns:\n  a: keep   # kept\n"
GIVEN = {"k": 5, "suppress": 0.02}
CALL = "k_anonymize(k=5, suppress=2%)"

CASES = [
    ("", f"\nrows:\n  - {CALL}\n"),
    ("rows:\n- drop_rows(where=\"a == 'b'\")  # b\n# end\n",
     f"rows:\n- drop_rows(where=\"a == 'b'\")  # b\n- {CALL}\n# end\n"),
    ("rows:\n  - k_anonymize(3)  # why\n  - sample_rows(0.5)\n",
     "rows:\n  - k_anonymize(5, suppress=2%)  # why\n  - sample_rows(0.5)\n"),
    ("rows:\n  - k_anonymize(k=3, hidden='*', suppress=10%)\nchecks: []\n",
     "rows:\n  - k_anonymize(k=5, hidden='*', suppress=2%)\nchecks: []\n"),
    ("rows: ['k_anonymize(k=3)']\n", f"rows: ['{CALL}']\n"),
    ("rows: []\n", f"rows: ['{CALL}']\n"),
    ("rows: [sample_rows(0.5)]\n", f"rows: [sample_rows(0.5), '{CALL}']\n"),
    ("rows:\n  - use: k_anonymize\n    k: 3   # three\n    l: 2\n",
     "rows:\n  - use: k_anonymize\n    suppress: 0.02\n    k: 5   # three\n    l: 2\n"),
    ("rows:\n  - {k: 3, suppress: 0.5, use: k_anonymize}\n",
     "rows:\n  - {k: 5, suppress: 0.02, use: k_anonymize}\n"),
    ("rows:\n  - {use: sample_rows, share: 1}\n\n# last",
     f"rows:\n  - {{use: sample_rows, share: 1}}\n  - {CALL}\n\n# last"),
    ("rows:\n  - use: sample_rows\n    share: 1\nchecks: []\n",
     f"rows:\n  - use: sample_rows\n    share: 1\n  - {CALL}\nchecks: []\n"),
    ("rows:\n  - \"k_anonymize(k=3, hierarchies={a: 'prefix(cut=[1])'})\"\n",
     "rows:\n  - 'k_anonymize(k=5, hierarchies={a: ''prefix(cut=[1])''}, suppress=2%)'\n"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_the_step_is_written(given: str, expected: str) -> None:
    """However the file spells its lists and steps."""
    assert HEAD + expected == set_row_step(HEAD + given, "rules.yaml", "k_anonymize", GIVEN)


@pytest.mark.parametrize("rows", ["rows: *steps\n", "rows:\n  - *step\n"])
def test_what_cannot_be_written_safely_is_refused(rows: str) -> None:
    """Aliases stand for text elsewhere; the hint has the line to write."""
    text = f"version: 1\nextra: &steps [&step 'k_anonymize(k=3)']\n{rows}"

    with pytest.raises(RuleError) as caught:
        set_row_step(text, "rules.yaml", "k_anonymize", GIVEN)

    assert CALL in (caught.value.problems[0].hint or "")
