"""Web addresses to their host."""

from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import text_buffers, to_numpy, where
from anonymize.kernels.numbers.parsing import plain, plain_type
from anonymize.kernels.segments import gather
from anonymize.kernels.text.cases import lower
from anonymize.kernels.text.scanning import first_of

URL = (
    r"^[A-Za-z][A-Za-z0-9+.-]*://([^/?#\s@\\]*@)?"
    r"(\[[0-9A-Fa-f:.]+\]|[^/?#\s:@\[\]\\]+)(:[0-9]*)?"
    r"(/[^?#\s\\]*)?([?#][^\s\\]*)?$"
)  # RFC 3986; wider in the host, for names in other scripts


class TruncateUrl(ColumnTransform):
    """Keep the host of a web address, or scheme, host and path.

    User names, passwords, ports, queries and fragments always go. A host may name a person, and paths often do
    (`/users/zoe`). What has no scheme, such as `example.com/a`, is rejected.
    """

    use: Literal["truncate_url"] = "truncate_url"
    positional: ClassVar[str | None] = "keep"

    keep: Literal["host", "path"] = "host"
    """What stays: the host alone, or everything up to the end of the path."""

    def properties(self) -> Properties:
        return Properties(survives="the host" if self.keep == "host" else "the host and the path")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if not pa.types.is_string(plain_type(given)):
            raise TypeError(f"needs text, not {given}")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        addresses = plain(values)
        fit = pc.match_substring_regex(addresses, URL)
        context.reject(pc.fill_null(pc.invert(fit), False), "not a URL with a scheme")
        checked = where(fit, addresses, pa.scalar(None, pa.string()))
        scheme, host, path = _parts(checked)
        kept = lower(host)
        if self.keep == "path":
            kept = pc.binary_join_element_wise(lower(scheme), kept, path, "")
        return where(checked.is_valid(), kept, pa.scalar(None, pa.string()))


def _parts(addresses: pa.Array) -> list[pa.Array]:
    """Scheme with `://`, host and path of each checked address; empty for null."""
    offsets, data = text_buffers(addresses)
    starts, ends = offsets[:-1], np.where(to_numpy(addresses.is_valid()), offsets[1:], offsets[:-1])
    authority = np.minimum(first_of(data, b":", starts, ends) + 3, ends)
    path = first_of(data, b"/?#", authority, ends)
    user = first_of(data, b"@", authority, path)
    host = np.where(user < path, user + 1, authority)
    bracket = first_of(data, b"]", host, path)
    stop = first_of(data, b":", np.where(bracket < path, bracket, host), path)
    query = first_of(data, b"?#", path, ends)
    return [gather(data, *piece).view(pa.string()) for piece in ((starts, authority), (host, stop), (path, query))]


EXAMPLES = [
    Example(
        TruncateUrl(),
        ["https://zoe:pw@WWW.Example.com:8443/a/b?token=1#x", "http://例え.jp", "ftp://[2001:db8::1]/f", None],
        ["www.example.com", "例え.jp", "[2001:db8::1]", None],
    ),
    Example(
        TruncateUrl(keep="path"),
        ["https://zoe:pw@WWW.Example.com:8443/a/b?token=1#x", "http://example.com?q=1"],
        ["https://www.example.com/a/b", "http://example.com"],
    ),
]
