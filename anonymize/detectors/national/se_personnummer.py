"""Swedish personal identity numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn, number
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers


class SePersonnummer(Detector):
    """Swedish personal identity numbers: date of birth, three digits and Luhn's check digit; coordination numbers
    add 60 to the day. `+` instead of `-` marks people over a hundred.
    """

    use: Literal["se_personnummer"] = "se_personnummer"

    entity = "SE_PERSONNUMMER"
    patterns = (
        Pattern(r"(?:18|19|20)?[0-9]{6}[-+][0-9]{4}", bare=0.75),
        Pattern("(?:18|19|20)[0-9]{10}", bare=0.6),
        Pattern("[0-9]{10}", bare=0.35),
    )
    standard = "Folkbokföringslag (1991:481) 18 §; SKV 704"
    locales = ("SE",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    known_tests = frozenset(["8112189876", "198112189876"])
    contexts = words(
        sv="personnummer, samordningsnummer, pnr, persnr, personnr, född",
        en="personal identity number, swedish id, personal number",
    )
    against = other_numbers("sv")
    headers = words(
        sv="personnummer, personnr, persnr, pnr, samordningsnummer",
        en="swedish personal number, personal identity number",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(digits: Matrix) -> Passed:
    short = digits[:, -10:]
    day = number(short[:, 4:6])
    day = day - 60 * (day > 60)
    return luhn(short) & date_of_either_century(number(short[:, :2]), number(short[:, 2:4]), day)


EXAMPLES = [
    Example(SePersonnummer(), "Personnummer 811218-9876, 19811218-9876", ["811218-9876", "19811218-9876"]),
    Example(SePersonnummer(), "pnr 8112189876 och 640883-3231", ["8112189876", "640883-3231"]),
    Example(SePersonnummer(), "pnr 811218-9875, 811318-9875", []),
    Example(SePersonnummer(), "ordernummer 8112189876, 8112189876", []),
]
