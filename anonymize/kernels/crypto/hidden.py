"""Key material that does not show: not in a repr, a traceback that prints locals, a format string or a pickle."""

from typing import NoReturn


class Master(bytearray):
    """A master key, in a buffer of ours that `wipe` overwrites.

    That is all Python can promise: the text that the key was read from, and what a library copies while it works,
    are immutable objects or foreign memory, and stay until they are freed and used again.
    """

    def wipe(self) -> None:
        """Overwrite the bytes where they lie."""
        self[:] = bytes(len(self))

    def __repr__(self) -> str:
        return "<master key>"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key is not pickled")


class Secret(bytes):
    """Bytes derived from a master key. Equal to plain bytes, and shown by no name but its own."""

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled")
