"""US driver licenses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers


class UsDriverLicense(Detector):
    """Driver licenses of the states: seven to fourteen digits, or one to three letters and digits.

    The states' shapes overlap with everything: none counts without context.
    """

    use: Literal["us_driver_license"] = "us_driver_license"

    entity = "US_DRIVER_LICENSE"
    patterns = (
        Pattern("[A-Z][0-9]{3}(?:[- ][0-9]{1,4}){2,4}", bare=0.1, supported=0.85),
        Pattern(
            "[A-Za-z]{1,2}[0-9]{5,13}|[A-Z]{3}[0-9]{6}|[A-Z][0-9]{4}[A-Z][0-9]{3,4}", bare=0.05, supported=0.8
        ),
        Pattern("[0-9]{7,10}|[0-9]{2} [0-9]{3} [0-9]{3}|[0-9]{3}-[0-9]{2}-[0-9]{4}", bare=0.02, supported=0.7),
        Pattern("[0-9]{2}[A-Z]{3}[0-9]{5}|[A-Z]{1,7}[0-9*]{3}[A-Z0-9]{2}", bare=0.02, supported=0.7),
    )
    standard = "AAMVA DL/ID Card Design Standard; formats of the states"
    locales = ("US",)
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(K)", "18 U.S.C. 2721")
    chance = 0.95
    contexts = words(
        en="driver license, drivers license, driver's license, driver licence, driving license, dl, dln, dl no,"
        " license number, license no, lic no, licence no, state id, dmv, permit"
    )
    against = other_numbers()
    headers = words(
        en="driver license, drivers license, driver licence, driver s license, dl, dl no, dln, dl number,"
        " drivers license number, driver license number, license number, license no, driving license"
    )
    not_headers = words(en="software license, business license, plate license")


EXAMPLES = [
    Example(UsDriverLicense(), "Driver's license: D1234567", ["D1234567"]),
    Example(UsDriverLicense(), "DL F255-921-50-094-0, DL no 12345678", ["F255-921-50-094-0", "12345678"]),
    Example(UsDriverLicense(), "D1234567, introductory m2, sku D1234567, 12345678", []),
]
