"""E-mail addresses to their domain."""

from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text_buffers, where
from anonymize.kernels.numbers.parsing import plain, plain_type
from anonymize.kernels.segments import gather
from anonymize.kernels.text.cases import lower
from anonymize.kernels.text.scanning import first_of

LETTER = r"a-zA-Z0-9\x{C0}-\x{1FFF}\x{2C00}-\x{2FFF}\x{3005}-\x{10FFFF}"  # \pL costs a millisecond per batch
LABEL = f"[{LETTER}]([{LETTER}-]*[{LETTER}])?"
ADDRESS = rf"^[^@\s,;<>\"()\[\]\\]+@{LABEL}(\.{LABEL})+$"


class EmailDomain(ColumnTransform):
    """Keep the domain of an e-mail address, in lower case.

    The domain of a person or a small company may name them: `group_rare` hides those. What is not one plain
    address (no display name, no quoted local part) is rejected.
    """

    use: Literal["email_domain"] = "email_domain"

    def properties(self) -> Properties:
        return Properties(survives="the domain")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if not pa.types.is_string(plain_type(given)):
            raise TypeError(f"needs text, not {given}")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        addresses = plain(values)
        fit = pc.match_substring_regex(addresses, ADDRESS)
        context.reject(pc.fill_null(pc.invert(fit), False), "not an e-mail address")
        offsets, data = text_buffers(addresses)
        starts, ends = offsets[:-1], offsets[1:]
        domains = gather(data, np.minimum(first_of(data, b"@", starts, ends) + 1, ends), ends)
        return where(fit, lower(domains.view(pa.string())), pa.scalar(None, pa.string()))


EXAMPLES = [
    Example(
        EmailDomain(),
        ["zoe@Example.COM", "z.o+e@mail.example.co.uk", "王@例え.jp", None],
        ["example.com", "mail.example.co.uk", "例え.jp", None],
    ),
]
