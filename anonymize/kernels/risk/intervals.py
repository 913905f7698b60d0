"""How sure a share is that was counted in a sample, and what it says beside a control."""

from math import sqrt

CONFIDENCE = 1.959963984540054  # of 95 %


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. Wilson, "Probable inference", JASA 22, 1927); nothing is known from
    none."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, CONFIDENCE**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = CONFIDENCE / (1 + square / trials) * sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return (middle - half if successes else 0.0), (middle + half if successes < trials else 1.0)


def added(rate: float, control: float) -> float:
    """What of the possible extra success over a control was reached (M. Giomi et al., 2023)."""
    return max((rate - control) / (1 - control), 0.0) if control < 1 else 0.0
