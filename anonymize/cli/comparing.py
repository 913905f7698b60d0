"""What `assess` prints below its figures: each quasi-identifier's part, what was lost, what still tells."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anonymize.kernels.risk.leaving_out import Influence
    from anonymize.releases.comparison import Comparison
    from anonymize.releases.leaks import Beside


def without_page(found: "Sequence[Influence]") -> Iterator[Any]:
    """A line for each quasi-identifier: the classes without it."""
    from anonymize.cli.console import table

    if not found:
        return
    rows = [(i.column, f"{i.k:,}", f"{i.unique:,}", f"{i.classes:,}", f"{i.average_risk:.4g}") for i in found]
    yield ""
    yield table(["without", "k", "unique rows", "classes", "average risk"], rows, right=(1, 2, 3, 4))


def beside_page(found: "Beside") -> Iterator[Any]:
    """What was lost, and what still tells."""
    from anonymize.cli.console import plain, table

    if found.loss is not None:
        yield from _losses(found.loss)
    if found.leaks:
        yield ""
        rows = [(leak.hidden, leak.told_by, leak.how) for leak in found.leaks]
        yield table(["hidden", "still told by", "how"], rows)
    for note in found.notes:
        yield ""
        yield plain(note)


def _losses(loss: "Comparison") -> Iterator[Any]:
    from anonymize.cli.console import table

    rows = [
        (c.name, *map(_figure, (c.total_variation, c.wasserstein, c.certainty_penalty, c.entropy_loss)))
        for c in loss.columns
    ]
    yield ""
    yield table(["column", "total variation", "moved", "generalized", "lost"], rows, right=(1, 2, 3, 4))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
