"""Twins of real identifiers, with one digit changed, are not taken for real, whatever the column is called."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest

from anonymize.core.catalog import examples
from anonymize.core.detector import Detector
from anonymize.kernels.detection.available import detectors_of
from anonymize.kernels.detection.finding import find

CHECKED = [each for each in detectors_of(()) if each.family == "code" and type(each).is_strong()]
MOST = 0.2
"""Of the twins of a number: where a weight shares a factor with the modulus, some changes go unseen."""

LOOSE = {
    "cn_driver_license": "the file number of twelve digits has no check",
    "cn_social_security": "old numbers have no check",
    "dk_cpr": "numbers without the check are given out since 2007",
    "fr_nir": "thirteen digits may stand without their key",
    "id_nik": "a date and a region, no check digit",
    "kr_frn": "the last digits are random since 2020",
    "kr_rrn": "the last digits are random since 2020",
    "my_nric": "a date and a place, no check digit",
    "uk_driving_licence": "letters of the name and a date; how the check characters are made is not published",
    "vin": "only North America has the check digit",
}
"""Detectors of which some numbers have no check that all pass, and why."""


def header(detector: Detector) -> str | None:
    """What a column of it is called."""
    return next((name for said in detector.headers.values() for name in said), None)


def twins(detector: Detector) -> list[str]:
    """The numbers of its examples, each digit changed in turn."""
    random = Random(7)  # noqa: S311
    mine = [each for each in examples("detector") if type(each.component) is type(detector)]
    found = []
    for text in (str(part) for each in mine for part in each.expect):
        for at, digit in enumerate(text):
            if digit.isdecimal():
                other = random.choice([d for d in "0123456789" if d != digit])
                found.append(text[:at] + other + text[at + 1 :])
    return found


@pytest.mark.parametrize("detector", CHECKED, ids=[each.use for each in CHECKED])
def test_a_changed_digit_is_seen(detector: Detector) -> None:
    """Few twins are taken for real; of the detectors that cannot see them it is known."""
    texts = twins(detector)
    found = find(pa.array(texts, pa.string()), [detector], header(detector))
    lengths = np.array([len(text) for text in texts], np.int64)
    whole = np.unique(found.row[found.end - found.start == lengths[found.row]])

    assert texts
    assert (len(whole) > MOST * len(texts)) is (detector.use in LOOSE)
