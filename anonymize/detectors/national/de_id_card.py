"""Numbers of German identity cards and passports."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import icao_check
from anonymize.kernels.detection.wording import other_numbers

_CHARACTER = "[0-9CFGHJKLMNPRTVWXYZ]"


class DeIdCard(Detector):
    """Numbers of German identity cards and passports: nine characters, with the check digit of ICAO 9303 ten.

    Those without the check digit, and old ones of digits alone, count only with context.
    """

    use: Literal["de_id_card"] = "de_id_card"

    entity = "DE_ID_CARD"
    patterns = (
        Pattern(f"[CFGHJKLMNPRTVWXYZ]{_CHARACTER}{{8}}[0-9](?:D)?", bare=0.45),
        Pattern(f"[CFGHJKLMNPRTVWXYZ]{_CHARACTER}{{8}}|T[0-9]{{8}}", bare=0.05, supported=0.8),
        Pattern("[0-9]{10}D", bare=0.55),
    )
    standard = "PAuswV; PassV; ICAO 9303-5"
    locales = ("DE",)
    tier = 2
    laws = ("GDPR Art. 87", "§ 20 PAuswG")
    chance = 0.2
    contexts = words(
        de="Ausweis, Ausweisnummer, Personalausweis, Personalausweisnummer, Reisepass, Pass, Passnummer,"
        " Seriennummer,"
        " Ausweis-Nr, Pass-Nr",
        en="id card, german id, passport, identity card",
    )
    against = other_numbers("de", without="serial, serial number, Seriennummer")
    headers = words(
        de="personalausweis, personalausweisnummer, ausweisnummer, ausweisnr, reisepassnummer, passnummer, passnr",
        en="id card, id card number, passport number, passport no",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        short = to_numpy(pc.equal(pc.binary_length(candidates), 9))
        several = to_numpy(pc.match_substring_regex(candidates, "[0-9].*[0-9]"))
        return several & (short | by_length(candidates, _check_digit))


def _check_digit(characters: Matrix) -> Passed:
    if characters.shape[1] < 10:
        return np.zeros(len(characters), np.bool_)
    passed: Passed = icao_check(characters[:, :9]) == characters[:, 9]
    return passed


EXAMPLES = [
    Example(DeIdCard(), "Personalausweis L01X00T471, Pass-Nr. C01X00T47", ["L01X00T471", "C01X00T47"]),
    Example(DeIdCard(), "Ausweis 1220001297D", ["1220001297D"]),
    Example(DeIdCard(), "Ausweis L01X00T472, Ausweis 1220001298D", []),
    Example(DeIdCard(), "C01X00T47, L01X00T471, Artikel C01X00T47", []),
]
