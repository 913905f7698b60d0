"""Universally unique identifiers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class Uuid(Detector):
    """Universally unique identifiers in their usual form. Who made one can link all records that carry it."""

    use: Literal["uuid"] = "uuid"

    entity = "UUID"
    family = "hex"
    patterns = (Pattern("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}", bare=0.9),)
    standard = "RFC 9562"
    tier = 2
    laws = ("HIPAA 164.514(b)(2)(i)(R)",)
    chance = 0.001
    joints = "-"
    contexts = words(en="uuid, guid, id")
    headers = words(en="uuid, guid")


EXAMPLES = [
    Example(Uuid(), "id=f47ac10b-58cc-4372-a567-0e02b2c3d479;", ["f47ac10b-58cc-4372-a567-0e02b2c3d479"]),
    Example(Uuid(), "f47ac10b-58cc-4372-a567-0e02b2c3d47 f47ac10b58cc4372a5670e02b2c3d479", []),
]
