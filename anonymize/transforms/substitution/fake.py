"""Invented values of a kind."""

from datetime import date
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.crypto.tokens import require_scalar
from anonymize.kernels.fakes.pools import LOCALE, is_known
from anonymize.kernels.fakes.values import fake

Kind = Literal[
    "person",
    "first_name",
    "last_name",
    "username",
    "email",
    "phone",
    "address",
    "street",
    "city",
    "postcode",
    "company",
    "job",
    "date_of_birth",
    "national_id",
    "ssn",
    "credit_card",
    "iban",
    "plate",
    "ip",
    "url",
    "uuid",
]


class Fake(ColumnTransform):
    """Replace each value by an invented one of the given kind, chosen by key.

    The same value has the same fake in every row, file and run of a data set, so equality and frequency survive.
    Different values may get the same fake (there are 180,000 to 4 million persons in a locale, but 86,000 in fr_FR
    and 2,550 in ja_JP, at most 400 cities and 130,000 addresses of the Internet): count people by `pseudonymize`,
    not by their fake names. A fake may by chance be the value itself, a city or first name in every few hundred.
    A fake says nothing about the value: neither gender nor region is kept, and the fakes of one row do not fit
    together. E-mail and web addresses end in example.com, .net or .org, telephone numbers are those reserved for
    fiction, card numbers, IBANs and identity numbers pass their check digits but belong to nobody's bank, network
    or region, as far as such ranges exist; a name, a plate or a postcode may be someone's by chance.
    The lists of de_DE, en_GB, en_US, es_ES, fr_FR, ja_JP, zh_CN and zh_TW are part of this package. Those of other
    locales come from the installed release of Faker, and may change with it. No fake starts a spreadsheet formula.
    """

    use: Literal["fake"] = "fake"
    positional: ClassVar[str | None] = "kind"

    of_kind: Kind = Field(alias="kind")
    """What to invent. `national_id` is the identity number of the locale, where one is known."""
    locale: str | None = Field(default=None, pattern=f"^{LOCALE}$")
    """Language and country, as `de_DE`; by default that of the rule file."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share to get the same fakes; by default each column has a scope of its own."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @field_validator("locale")
    @classmethod
    def _is_known(cls, locale: str | None) -> str | None:
        if locale is not None and not is_known(locale):
            raise ValueError("there are no names of this locale")
        return locale

    def properties(self) -> Properties:
        return Properties(survives="equality and frequency")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        require_scalar(given, self.name())
        return given if self.of_kind == "date_of_birth" and pa.types.is_date32(given) else pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        secret = context.secret(self.key, f"fake {self.of_kind}", self.scope)
        made = fake(self.of_kind, self.locale or context.locale, secret, values)
        return pc.cast(made, self.output_type(values.type))


EXAMPLES = [
    Example(
        Fake(kind="person"),
        ["Alice", "王芳", "", "Alice", None],
        ["Aaron Berg", "Kelli Santiago", "Vincent Burch", "Aaron Berg", None],
    ),
    Example(Fake(kind="person", locale="zh_CN"), ["Alice", "王芳"], ["虞楠春", "简瑞楠"]),
    Example(Fake(kind="email", scope="people"), ["a@example.com", None], ["logan.sims6203@example.com", None]),
    Example(Fake(kind="phone", key="second"), ["13812345678"], ["(475) 555-0164"]),
    Example(Fake(kind="address"), ["x"], ["111 Martinez Crossing, West Ronaldfurt 48063"]),
    Example(Fake(kind="national_id", locale="zh_CN"), ["110101199003070000"], ["199650200711101424"]),
    Example(Fake(kind="credit_card"), ["4111111111111111"], ["9999998565011078"]),
    Example(Fake(kind="date_of_birth"), [date(1984, 2, 29)], [date(1969, 8, 31)]),
    Example(Fake(kind="ip"), ["10.0.0.1"], ["198.18.78.221"]),
]
