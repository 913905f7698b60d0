"""British driving licences."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_west import date_of_either_century


class UkDrivingLicence(Detector):
    """British driving licences: five letters of the name, a date of birth, initials and three characters.

    Names of fewer than five letters are filled up with 9; women's months are 50 later.
    """

    use: Literal["uk_driving_licence"] = "uk_driving_licence"

    entity = "UK_DRIVING_LICENCE"
    patterns = (
        Pattern(
            "(?i:[A-Z][A-Z9]{4})[0-9][0156][0-9]{4}[ -]?(?i:[A-Z][A-Z9][0-9A-Z][A-Z]{2})(?: ?[0-9]{2})?",
            bare=0.85,
        ),
    )
    standard = "DVLA driver number; Motor Vehicles (Driving Licences) Regulations 1999"
    locales = ("GB",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.05
    contexts = words(
        en="driving licence, driver licence, driver number, licence, licence no, dvla, driving license"
    )
    against = words(en="order, sku, part, serial, tracking, hash")
    headers = words(en="driving licence, driving licence no, driving licence number, driver number, dvla number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _date_within)


def _date_within(characters: Matrix) -> Passed:
    """Decade, month, day and the last digit of the year."""
    month = number(characters[:, 6:8])
    month = month - 50 * (month > 50)
    year = characters[:, 5] * 10 + characters[:, 10]
    return date_of_either_century(year, month, number(characters[:, 8:10]))


EXAMPLES = [
    Example(UkDrivingLicence(), "Licence MORGA657054SM9IJ 35 issued", ["MORGA657054SM9IJ 35"]),
    Example(UkDrivingLicence(), "MORGA657054 SM9IJ", ["MORGA657054 SM9IJ"]),
    Example(UkDrivingLicence(), "MORGA613054SM9IJ MORGA657394SM9IJ ABCDE12345678901", []),
]
