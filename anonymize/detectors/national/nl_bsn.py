"""Dutch citizen service numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import dutch_eleven
from anonymize.kernels.detection.wording import other_numbers


class NlBsn(Detector):
    """Dutch citizen service numbers (BSN): nine digits and the eleven-proof, which one number of eleven passes.

    They count only with context, unless a column is full of them.
    """

    use: Literal["nl_bsn"] = "nl_bsn"

    entity = "NL_BSN"
    patterns = (
        Pattern("[0-9]{9}", bare=0.25),
        Pattern(r"[0-9]{4}\.[0-9]{2}\.[0-9]{3}", bare=0.5),
        Pattern("[0-9]{4} [0-9]{2} [0-9]{3}|[0-9]{3} [0-9]{3} [0-9]{3}", bare=0.3),
        Pattern("[0-9]{8}", bare=0.05, supported=0.75),
    )
    standard = "Wet algemene bepalingen burgerservicenummer Art. 1"
    locales = ("NL",)
    tier = 2
    laws = ("GDPR Art. 87", "UAVG Art. 46")
    chance = 0.1
    known_tests = frozenset(["111222333", "123456782"])
    contexts = words(
        nl="BSN, burgerservicenummer, sofinummer, sofi, burgerservicenr, persoonsnummer",
        en="dutch citizen service number, citizen service number",
    )
    against = other_numbers("nl")
    headers = words(nl="bsn, burgerservicenummer, sofinummer, bsn nummer, bsnnr", en="citizen service number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, dutch_eleven)


EXAMPLES = [
    Example(NlBsn(), "BSN 111222333, burgerservicenummer 1112.22.333", ["111222333", "1112.22.333"]),
    Example(NlBsn(), "BSN 111222334", []),
    Example(NlBsn(), "factuur 111222333, 111222333, 11.1222333", []),
]
