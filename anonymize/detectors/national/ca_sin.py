"""Canadian social insurance numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn
from anonymize.kernels.detection.checksums_west import varied
from anonymize.kernels.detection.wording import other_numbers


class CaSin(Detector):
    """Canadian social insurance numbers: nine digits with Luhn's check, the first neither 0 nor 8.

    Groups of three with spaces look like French SIREN numbers: without context none counts but with hyphens.
    """

    use: Literal["ca_sin"] = "ca_sin"

    entity = "CA_SIN"
    patterns = (
        Pattern("[1-79][0-9]{2}-[0-9]{3}-[0-9]{3}", bare=0.55),
        Pattern("[1-79][0-9]{2} [0-9]{3} [0-9]{3}", bare=0.4),
        Pattern("[0-9]{9}|0[0-9]{2}[ -][0-9]{3}[ -][0-9]{3}", bare=0.2),
    )
    standard = "Employment Insurance Act s. 138; Service Canada"
    locales = ("CA",)
    tier = 2
    laws = ("PIPEDA Principle 4.3", "GDPR Art. 87")
    chance = 0.1
    known_tests = frozenset(["046454286"])
    contexts = words(
        en="sin, social insurance, social insurance number, sin no, canadian sin",
        fr="NAS, numéro d'assurance sociale, assurance sociale",
    )
    against = other_numbers("fr")
    headers = words(
        en="sin, sin number, sin no, social insurance number, social insurance no",
        fr="nas, numéro d assurance sociale",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _issued)


def _issued(digits: Matrix) -> Passed:
    """Those that begin with 0 were made up for tests, or belong to businesses."""
    return luhn(digits) & varied(digits)


EXAMPLES = [
    Example(CaSin(), "SIN 130-692-544, NAS 130 692 544", ["130-692-544", "130 692 544"]),
    Example(CaSin(), "SIN 046454286", ["046454286"]),
    Example(CaSin(), "SIN 130-692-545", []),
    Example(CaSin(), "order 130692544, 130692544", []),
]
