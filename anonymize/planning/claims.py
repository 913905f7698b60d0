"""What a plan lets one say about its result, from the rules alone, and never more than is true."""

from collections.abc import Sequence
from dataclasses import dataclass

from anonymize.core.roles import Role
from anonymize.core.transform import Properties, RowTransform, Transform
from anonymize.planning.guessing import Search, search
from anonymize.planning.plan import ColumnPlan, Plan
from anonymize.planning.undoing import obstacle
from anonymize.rulefile.rules import Check

EVERYTHING = "the whole value"
ENFORCING = ("k_anonymize", "partition", "suppress_small_classes")
NOBODY, ANYBODY = "nobody", "anybody"


@dataclass(frozen=True)
class ColumnClaim:
    """What can be said about one column of the result."""

    survives: str
    """What an outsider can still match on."""
    deterministic: bool
    joinable: bool
    """Equal values stay equal, and others different but for a rare chance: tables can still be joined by it."""
    reversible: bool
    restorable_by: str = NOBODY
    """Who can bring the originals back, by `anonymize restore`."""
    unique: bool = False
    """Different values stay different: a key stays a key."""
    search: Search | None = None
    """What the holder of the key would have to try to find the originals, where nothing else restores them."""


def column_claim(column: ColumnPlan, plan: Plan) -> ColumnClaim:
    """The claims of all steps of a column together."""
    if column.dropped:
        return ColumnClaim("nothing", deterministic=True, joinable=False, reversible=False)
    claims = [step.transform.properties() for step in column.steps]
    conditional = any(step.when is not None for step in column.steps) and column.changed
    survives = _survives(claims)
    if conditional and survives != EVERYTHING:
        survives += f"; {EVERYTHING} where `when` does not hold"
    reversible = column.rule is not None and plan.released is None and obstacle(plan.rules, column.rule) is None
    deterministic = all(claim.deterministic for claim in claims)
    unique = all(claim.injective for claim in claims) and not conditional
    return ColumnClaim(
        survives,
        deterministic,
        deterministic and not conditional and all(claim.injective or claim.joins for claim in claims),
        reversible,
        _keepers(column) if reversible else NOBODY,
        unique,
        None if reversible else search(column),
    )


def step_reversal(transform: Transform) -> str:
    """Who can undo a single step."""
    if transform.use == "keep":
        return ANYBODY
    if not transform.properties().reversible:
        return NOBODY
    names = transform.key_names()
    if names:
        return "holders of the key " + " and ".join(f"`{name}`" for name in names)
    return "holders of one of the private keys" if getattr(transform, "to", ()) else ANYBODY


def _keepers(column: ColumnPlan) -> str:
    """Who can undo all steps: everybody's part is needed."""
    changing = [step.transform for step in column.steps if step.transform.use != "keep"]
    who = [said for said in dict.fromkeys(map(step_reversal, changing)) if said != ANYBODY]
    return " who are ".join(who) or ANYBODY


def _survives(claims: Sequence[Properties]) -> str:
    """What passes every step: the last one that says something of its own."""
    said = [claim.survives for claim in claims if claim.survives != EVERYTHING]
    if not said:
        return EVERYTHING
    return "nothing" if "nothing" in said else said[-1]


def verdicts(plan: Plan) -> list[str]:
    """What the result may be called. It is never called anonymous: no rule file can know what others know."""
    found = [_pseudonymized(plan), _k_anonymous(plan), *_left(plan)]
    said = [verdict for verdict in found if verdict]
    return said or ["de-identified as the table says; no guarantee about groups of people is stated"]


def _pseudonymized(plan: Plan) -> str | None:
    keyed = plan.key_names()
    if not keyed:
        return None
    names = " and ".join(f"`{name}`" for name in keyed)
    plural = "s" if len(keyed) > 1 else ""
    return f"pseudonymized with the key{plural} {names}: personal data still, for whoever holds the key{plural}"


def _k_anonymous(plan: Plan) -> str | None:
    """A promise only if the run enforces it."""
    if plan.released is not None:
        return "aggregated: groups instead of records"
    promised = [int(check.limit) for check in plan.checks if _is_floor(check)]
    promised += [_enforced(plan)]
    if not max(promised) or not plan.roles.quasi:
        return None
    return f"k-anonymous with k = {max(promised)} over {{{', '.join(plan.roles.quasi)}}}"


def _enforced(plan: Plan) -> int:
    """The k of the last step that enforces one, unless rows go after it."""
    steps = [s.transform for stage in plan.stages for s in stage.steps if isinstance(s.transform, RowTransform)]
    return getattr(steps[-1], "k", 0) if steps and steps[-1].use in ENFORCING else 0


def _is_floor(check: Check) -> bool:
    return check.metric.use == "k_anonymity" and check.operator == ">=" and check.limit >= 2


def _left(plan: Plan) -> list[str]:
    """What stands in the way of calling it anything."""
    bare = [c.name for c in plan.columns if c.role is Role.DIRECT_IDENTIFIER and not c.dropped and not c.changed]
    unlisted = [c.name for c in plan.columns if c.rule is None and not c.dropped and not c.changed]
    found = [f"not de-identified: the direct identifier {', '.join(bare)} passes as it is"] if bare else []
    return found + ([f"columns that no rule names pass as they are: {len(unlisted)}"] if unlisted else [])
