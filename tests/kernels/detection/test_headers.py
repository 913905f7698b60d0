"""What names of columns say."""

import pytest

from anonymize.detectors.contact.email_address import EmailAddress
from anonymize.detectors.contact.phone_number import PhoneNumber
from anonymize.detectors.national.cn_id_card import CnIdCard
from anonymize.detectors.people.person_zh import PersonZh
from anonymize.kernels.detection.headers import Fit, header_fit, header_words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("contact.phoneNumbers[*]", ("contact", "phone", "numbers")),
        ("HTTPServer_ID", ("http", "server", "id")),
        ("ＥＭＡＩＬ", ("email",)),
        ("user手机号2", ("user", "手机号", "2")),
    ],
)
def test_words_apart(name: str, expected: tuple[str, ...]) -> None:
    """Camel case, snake case, paths, full-width letters, numbers."""
    assert expected == header_words(name)


@pytest.mark.parametrize(
    ("detector", "name", "expected"),
    [
        (PhoneNumber, "phone_no", Fit.EXACT),
        (PhoneNumber, "Mobile Numbers", Fit.EXACT),
        (PhoneNumber, "customer.cellPhone", Fit.SUFFIX),
        (PhoneNumber, "家长联系电话", Fit.SUFFIX),
        (PhoneNumber, "phone_type", Fit.AGAINST),
        (PhoneNumber, "电话类型", Fit.AGAINST),
        (PhoneNumber, "saxophone", Fit.NOTHING),
        (EmailAddress, "email_verified", Fit.AGAINST),
        (CnIdCard, "sfzh", Fit.EXACT),
        (CnIdCard, "IDCard", Fit.EXACT),
        (PersonZh, "file_name", Fit.AGAINST),
        (PersonZh, "fileName", Fit.AGAINST),
        (PersonZh, "客户姓名", Fit.EXACT),
        (PersonZh, "", Fit.NOTHING),
    ],
)
def test_fits(detector, name: str, expected: Fit) -> None:
    """Whole names, their ends, and words that turn them into something else."""
    assert expected is header_fit(detector, name)
