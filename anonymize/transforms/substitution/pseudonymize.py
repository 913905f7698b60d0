"""Keyed pseudonyms."""

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.crypto import tokens

LENGTHS = {"hex": (16, 32), "base32": (13, 26), "base64url": (11, 22)}  # characters of 64 and of 128 bits
BITS = {"hex": 4, "base32": 5, "base64url": 6}
COLLISION_FREE = 120  # bits: a billion values then collide with a probability below 10**-18


class Pseudonymize(ColumnTransform):
    """Replace each value by a keyed token, the same one wherever the value stands: AES-256-CMAC (RFC 4493).

    Without the key a token can neither be computed nor reversed; whoever holds the key can test guesses, so the
    result is pseudonymous, not anonymous. Equal values stay equal: their frequencies survive.
    Of n values two collide with a probability of about n**2 / 2**(bits + 1): with 64 bits, the least that is
    offered, 3 in 100 million for a million values and 3 % for a billion; with the full 128 bits never in practice.
    Numbers, booleans and dates are taken by their spelling as text (`42`, `true`, `2024-05-13`), so that the
    same value has the same token in CSV, JSONL and Parquet; floats and timestamps have several usual spellings,
    of which only one (`1`, `2024-05-13T08:00:00.000000`) agrees. An empty text is a value and has a token.
    """

    use: Literal["pseudonymize"] = "pseudonymize"
    positional: ClassVar[str | None] = "length"

    length: int | None = Field(default=None, ge=1)
    """Characters of the token without the prefix; by default those of 128 bits. At least 16 hex, 13 base32 or 11
    base64url characters (64 bits)."""
    encoding: Literal["hex", "base32", "base64url", "uuid", "integer"] = "hex"
    """Spelling of the token. `uuid` is version 8 of RFC 9562 (122 bits); `integer` is a number from 0 to
    2**63 - 1, which fits a bigint column; a base64url token starts with a letter."""
    prefix: Annotated[str, Field(max_length=64), AfterValidator(tokens.check_prefix)] = ""
    """Text before each token."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share to be joinable on their tokens; by default each column has a scope of its own."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @model_validator(mode="after")
    def _has_enough_bits(self) -> Self:
        if self.length is None:
            return self
        if self.encoding not in LENGTHS:
            raise ValueError(f"the length of encoding {self.encoding} is fixed; leave `length` out")
        least, most = LENGTHS[self.encoding]
        if not least <= self.length <= most:
            raise ValueError(f"length of {self.encoding} must be {least} (64 bits) to {most} (128 bits)")
        return self

    def bits(self) -> int:
        """Random bits in a token."""
        if self.encoding in LENGTHS:
            return min(128, BITS[self.encoding] * (self.length or 32) - (self.encoding == "base64url"))
        return 122 if self.encoding == "uuid" else 63

    def properties(self) -> Properties:
        sure = self.bits() >= COLLISION_FREE
        return Properties(injective=sure, joins=True, survives="equality and frequency")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        tokens.require_scalar(given, self.name())
        as_number = self.encoding == "integer" and not self.prefix and pa.types.is_integer(given)
        return pa.int64() if as_number else pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        codes = tokens.tags(context.secret(self.key, "pseudonymize", self.scope), values)
        if self.encoding == "integer":
            return self._integers(codes, values)
        return tokens.column(self._spelled(codes), values, self.prefix)

    def _spelled(self, codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self.encoding == "uuid":
            return tokens.uuid(codes)
        spell = {"hex": tokens.hexadecimal, "base32": tokens.base32, "base64url": tokens.base64url}[self.encoding]
        return spell(codes, self.length or LENGTHS[self.encoding][1])

    def _integers(self, codes: NDArray[np.uint8], values: pa.Array) -> pa.Array:
        found = from_numpy((tokens.numbers(codes) >> np.uint64(1)).astype(np.int64), values)
        if self.output_type(values.type) == pa.int64():
            return found
        spelled = pc.cast(found, pa.string())
        return pc.binary_join_element_wise(self.prefix, spelled, "") if self.prefix else spelled


EXAMPLES = [
    Example(
        Pseudonymize(),
        ["1001", "1001", "", "王芳", None],
        [
            "32f48825c05492be60a5b455fa6fb5c4",
            "32f48825c05492be60a5b455fa6fb5c4",
            "c43c03faa09a158f2ac712f1e55f48e8",
            "edad2ab90a8447e05bacf1348b115362",
            None,
        ],
    ),
    Example(
        Pseudonymize(length=16, prefix="P-", scope="patients"),
        ["1001", None],
        ["P-5645fd9862bd8320", None],
    ),
    Example(Pseudonymize(encoding="base32"), ["1001"], ["GL2IQJOAKSJL4YFFWRK7U35VYQ"]),
    Example(Pseudonymize(encoding="base64url"), ["1001"], ["GXpEEuAqSV8wUtoq_Tfa4g"]),
    Example(Pseudonymize(encoding="uuid"), ["1001"], ["32f48825-c054-82be-a0a5-b455fa6fb5c4"]),
    Example(Pseudonymize(encoding="integer"), ["1001"], ["1835854645967866207"]),
    Example(Pseudonymize(encoding="integer"), [1001, None], [1835854645967866207, None]),
    Example(Pseudonymize(key="second"), ["1001"], ["32f48825c05492be60a5b455fa6fb5c4"]),
]
