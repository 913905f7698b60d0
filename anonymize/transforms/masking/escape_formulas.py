"""Text that a spreadsheet takes for text."""

from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import is_text, text

# OWASP ASVS 5.0, 1.2.10, and the full-width forms that East Asian spreadsheets take for the same
_STARTS_FORMULA = r"\A[=+\-@\t\r\n\x00＝＋－＠]"
_NUMBER = r"\A[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?%?\z"


class EscapeFormulas(ColumnTransform):
    """Put an apostrophe in front of text that a spreadsheet would run as a formula: `=`, `+`, `-`, `@`, a tab, a
    line end or a NUL at its start, full-width forms too (OWASP ASVS 1.2.10).

    Everything else stays as it is, plain numbers such as `-5` as well, and columns that hold no text. It hides
    nothing, so it goes with columns that are kept: `"*": escape_formulas` is `keep` for a file that people will
    open in a spreadsheet. Programs that read the file see the apostrophe.
    """

    use: Literal["escape_formulas"] = "escape_formulas"

    def properties(self) -> Properties:
        return Properties(survives="the value")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        is_category = pa.types.is_dictionary(given) and _holds_text(given.value_type)
        return pa.string() if is_category else given

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        result = self.output_type(values.type)
        if not _holds_text(result):
            return values
        given = text(values)
        starts = pc.match_substring_regex(given, _STARTS_FORMULA)
        is_formula = pc.and_not(starts, pc.match_substring_regex(given, _NUMBER))
        escaped = pc.binary_join_element_wise("'", given, "")
        return pc.if_else(is_formula, escaped, given).cast(result)


def _holds_text(given: pa.DataType) -> bool:
    return is_text(given) or bool(pa.types.is_string_view(given))


EXAMPLES = [
    Example(
        EscapeFormulas(),
        ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "-5", "+1.5e3", "", None],
        ["'=1+1", "'+cmd|' /C calc'!A0", "'@SUM(A1)", "'-2+3", "-5", "+1.5e3", "", None],
    ),
    Example(EscapeFormulas(), ["\tx", "＝1+1", "-", "a=b"], ["'\tx", "'＝1+1", "'-", "a=b"]),
    Example(EscapeFormulas(), [-1.5, None], [-1.5, None]),
]
