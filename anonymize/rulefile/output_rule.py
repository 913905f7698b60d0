"""What a rule file says about the output as a whole: who can open it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

KeyName = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class EncryptRule(_Strict):
    """Parquet Modular Encryption: who has a column's key can read the column.

    Each file has data keys of its own. They stand in it, wrapped by keys derived from those under `keys:`.
    """

    footer_key: KeyName
    """The name under `keys:` that opens the file: its schema, its metadata, and all columns not named below."""
    columns: dict[str, KeyName] = Field(default_factory=dict)
    """Columns that only another key opens, and its name under `keys:`. What is beneath a column has its key."""
    unlisted: Literal["encrypt", "plain"] = "encrypt"
    """What happens to the other columns: the footer's key opens them, or everybody who can read the footer."""
    plaintext_footer: bool = False
    """Leave the footer readable, so that readers without keys find what is not encrypted. The names and types of
    all columns, the ids of the keys and the number of rows stand there; it is signed with the footer's key."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """A name stands for `{footer_key: NAME}`."""
        if not isinstance(value, str | dict):
            message = "not a rule for encryption: write the name of a key, or `footer_key:` and `columns:`"
            raise PydanticCustomError("encrypt_rule", message)
        return {"footer_key": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _encrypts_something(self) -> "EncryptRule":
        if self.unlisted == "plain" and not self.columns:
            message = "`unlisted: plain` without `columns:` would encrypt nothing: name the columns to encrypt"
            raise PydanticCustomError("encrypts_nothing", message)
        return self

    def key_names(self) -> tuple[str, ...]:
        """The names under `keys:` that it takes to write a file."""
        return tuple(dict.fromkeys((self.footer_key, *self.columns.values())))


class OutputRule(_Strict):
    """Who can open the output."""

    encrypt: EncryptRule | None = None
    """Encrypt the parts of a Parquet file: the name of a key, or which key opens which column."""

    def key_names(self) -> tuple[str, ...]:
        """The names under `keys:` that it takes to write a file."""
        return self.encrypt.key_names() if self.encrypt is not None else ()

    def under(self, prefix: str) -> "OutputRule":
        """The same with other names of the keys."""
        if self.encrypt is None:
            return self
        columns = {column: prefix + name for column, name in self.encrypt.columns.items()}
        update = {"footer_key": prefix + self.encrypt.footer_key, "columns": columns}
        return OutputRule(encrypt=self.encrypt.model_copy(update=update))
