"""How many values the holder of a key would have to try, as far as the names and types of columns tell."""

import re
from dataclasses import dataclass

import pyarrow as pa

from anonymize.planning.plan import ColumnPlan

PER_SECOND = 10_000_000  # AES-CMACs on one core, with the columns of this package


@dataclass(frozen=True)
class Search:
    """The values that a column of its name or type usually holds."""

    what: str
    count: int

    @property
    def effort(self) -> str:
        """How long trying all of them takes on one core."""
        seconds = self.count / PER_SECOND
        for size, unit in ((86400 * 365, "year"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
            if seconds >= size:
                many = round(seconds / size)
                return f"{many:,} {unit}{'' if many == 1 else 's'}"
        return "less than a second"

    def __str__(self) -> str:
        return f"{self.count:,} {self.what} in {self.effort}"


_BY_NAME = {
    r"birth|dob\b|born|生日|出生": Search("dates of a century", 36_525),
    r"phone|mobile|\btel|手机|电话": Search("phone numbers of 11 digits", 10**11),
    r"\bssn\b|social.?security": Search("social security numbers", 10**9),
    r"id.?card|身份证": Search("identity numbers of 18 digits", 3_500 * 36_525 * 1_000),
    r"\bzip\b|zip.?code|post.?code|postal|邮编": Search("postcodes", 10**6),
    r"\bcard.?(no|num)|\bpan\b|credit.?card|银行卡": Search("card numbers of one issuer", 10**9),
    r"\bip\b|ip.?addr": Search("IPv4 addresses", 2**32),
    r"\bage\b|年龄": Search("ages", 120),
    r"\bsex\b|gender|性别": Search("answers", 10),
    r"date|日期": Search("dates of a century", 36_525),
}
_BY_TYPE = {
    pa.types.is_boolean: Search("answers", 2),
    pa.types.is_date: Search("dates of a century", 36_525),
    pa.types.is_int8: Search("numbers of 8 bits", 2**8),
    pa.types.is_uint8: Search("numbers of 8 bits", 2**8),
    pa.types.is_int16: Search("numbers of 16 bits", 2**16),
    pa.types.is_uint16: Search("numbers of 16 bits", 2**16),
}


def search(column: ColumnPlan) -> Search | None:
    """What there is to try, where the first step is keyed and gives each value the same result every time."""
    first = next((step.transform for step in column.steps if step.transform.use != "keep"), None)
    if first is None or not first.key_names() or not first.properties().deterministic:
        return None
    return domain(column)


def domain(column: ColumnPlan) -> Search | None:
    """The values that a column of its name or type usually holds."""
    for is_kind, found in _BY_TYPE.items():
        if is_kind(column.given):
            return found
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", column.name).lower()
    return next((found for pattern, found in _BY_NAME.items() if re.search(pattern, name)), None)
