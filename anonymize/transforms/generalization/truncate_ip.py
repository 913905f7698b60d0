"""Internet addresses to their network."""

from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.addresses import networks
from anonymize.kernels.numbers.parsing import plain, plain_type
from anonymize.kernels.rejecting import reject_lost


class TruncateIp(ColumnTransform):
    """Set the last bits of IPv4 and IPv6 addresses to zero.

    The default keeps the network that usually belongs to one site: /24 and /48. IPv6 is spelled as RFC 5952
    says; IPv4 mapped into IPv6 is cut as IPv4. An address with a port, a prefix length or a zone is rejected.
    """

    use: Literal["truncate_ip"] = "truncate_ip"

    v4: Annotated[int, Field(ge=0, le=32)] = 24
    """How many bits of an IPv4 address stay."""
    v6: Annotated[int, Field(ge=0, le=128)] = 48
    """How many bits of an IPv6 address stay."""

    def properties(self) -> Properties:
        return Properties(keeps=frozenset({"type"}), survives=f"the network (/{self.v4}, /{self.v6})")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if not pa.types.is_string(plain_type(given)):
            raise TypeError(f"needs text, not {given}")
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        addresses = plain(values)
        return reject_lost(networks(addresses, self.v4, self.v6), addresses, "not an IP address", context)


EXAMPLES = [
    Example(
        TruncateIp(),
        ["192.0.2.131", "2001:DB8:1:2:3::4", "::ffff:192.0.2.131", None],
        ["192.0.2.0", "2001:db8:1::", "::ffff:192.0.2.0", None],
    ),
    Example(TruncateIp(v4=20), ["203.0.113.77"], ["203.0.112.0"]),
    Example(TruncateIp(v6=32), ["2001:db8:1:2:3::4", "203.0.113.77"], ["2001:db8::", "203.0.113.0"]),
]
