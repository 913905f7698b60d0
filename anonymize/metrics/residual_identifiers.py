"""Personal data that is still there."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.core.statistic import Statistic
from anonymize.statistics.residual_finds import ResidualFinds, total


class ResidualIdentifiers(Metric):
    """How often a scan of the release finds personal data: 0 is what a release should have.

    Looked at are the columns that pass as they are and those that are masked or redacted. Columns of pseudonyms,
    fakes, noise and coarsened values are not: what stands there looks like personal data by design; nor are texts
    into which `redact_text` puts fakes. In quasi-identifiers and sensitive columns that pass, only what identifies
    by itself counts: that they hold a gender or an age is what their role says. Of many plain numbers some pass a
    check digit by chance: among numbers of one length such finds, with no word that speaks for them, count when
    they are more than chance explains. What cannot be scanned, a binary value or a cell that is too long, counts
    as found. A scan does not find everything: 0 says that nothing was found, not that nothing is there.
    """

    use: Literal["residual_identifiers"] = "residual_identifiers"
    positional: ClassVar[str | None] = "entities"
    on_request: ClassVar[bool] = True
    of_all_columns: ClassVar[bool] = True

    entities: tuple[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")], ...] = ()
    """What to look for, as `[PERSON, PHONE_NUMBER]`; by default all common kinds."""
    min_score: float = Field(default=0.5, ge=0, le=1)
    """How sure a detector must be."""
    locales: tuple[str, ...] = ()
    """Countries whose identifiers are looked for, as `[CN, US]`; by default all."""

    def needs(self, roles: Roles) -> Statistic[Any]:
        if not roles.scanned:
            raise ValueError("there is no column whose values could be personal data still")
        lenient = tuple(name for name in roles.scanned if name in (*roles.quasi, *roles.sensitive))
        return ResidualFinds(roles.scanned, self.entities, self.min_score, self.locales, lenient)

    def measure(self, summary: Any) -> Measurement:
        counts = zip(*(summary[name].to_pylist() for name in ("column", "entity", "count")), strict=True)
        said = ", ".join(f"{count:,} {entity} in {column}" for column, entity, count in counts)
        return Measurement(total(summary), said or "nothing found")


EXAMPLES = [
    Example(
        ResidualIdentifiers(),
        {"notes": ["call 13812345678", "", None], "email": ["a***", "b@example.com", None]},
        2,
        Roles(scanned=("notes", "email")),
    ),
    Example(
        ResidualIdentifiers(),
        {"gender": ["female", "b@example.com"], "sex": ["male", "x"]},
        3,
        Roles(quasi=("gender",), scanned=("gender", "sex")),
    ),
    Example(
        ResidualIdentifiers(entities=("EMAIL_ADDRESS",), min_score=0.9, locales=("US",)),
        {"notes": ["13812345678", "ok"]},
        0,
        Roles(scanned=("notes",)),
    ),
]
