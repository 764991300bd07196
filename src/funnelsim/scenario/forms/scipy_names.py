"""Distributions of `scipy.stats` by name; on their own, since importing scipy.stats takes most of a second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scipy import stats

from .base import Faults, FormError, Names, found, unknown
from .distributions import FAMILIES
from .plain import NumberForm
from .quantities import Dist

if TYPE_CHECKING:
    from .distributions import DistForm

SLOW = frozenset({
    "gausshyper", "genhyperbolic", "geninvgauss", "irwinhall", "ksone", "kstwo", "levy_stable", "norminvgauss",
    "recipinvgauss", "studentized_range", "nchypergeom_fisher", "nchypergeom_wallenius", "nhypergeom", "betabinom",
    "betanbinom", "poisson_binom",
})  # fmt: skip
"""Distributions that SciPy integrates or sums numerically, so that their tables would take seconds to minutes."""


def _names() -> list[str]:
    kinds = (stats.rv_continuous, stats.rv_discrete)
    return [name for name in dir(stats) if not name.startswith("_") and isinstance(getattr(stats, name), kinds)]


def read_scipy(name: str, raw: Mapping[str, Any], form: DistForm, names: Names) -> Dist:
    """A distribution of `scipy.stats`, its parameters checked; raises `FormError`.

    Lengths of time give ``scale`` (and ``loc``) with a unit; a discrete distribution has no scale, so it can
    only be one of plain numbers.
    """
    bare = name.removeprefix("scipy.").removeprefix("stats.")
    if bare != name and (bare in FAMILIES or bare in _names()):
        raise FormError(
            f"{found(name)} is written without what leads to it; write {bare!r}", code="E-distribution-unknown"
        )
    family = getattr(stats, name, None) if name.isidentifier() else None
    if not isinstance(family, stats.rv_continuous | stats.rv_discrete):
        raise FormError(unknown("distribution", name, [*FAMILIES, *_names()]), code="E-distribution-unknown")
    if name in SLOW or _has_no_formula(family):
        instead = "use another, or `empirical` with values drawn from it"
        raise FormError(
            f"the quantiles of {name} take too long to work out; {instead}", code="E-distribution-unfit"
        )
    shapes = tuple(family.shapes.replace(" ", "").split(",")) if family.shapes else ()
    continuous = isinstance(family, stats.rv_continuous)
    if form.units and not continuous:
        raise FormError(f"{name} is discrete, so it cannot be a length of time", code="E-distribution-unfit")
    sized = tuple(key for key in ("loc", "scale") if key in raw and (continuous or key == "loc"))
    faults = Faults()
    form.check_keys(name, raw, (*shapes, "loc", "scale") if continuous else (*shapes, "loc"), faults)
    faults.check()
    for key in (*shapes, *(("scale",) if form.units else ())):
        if key not in raw:
            unit = ", with a unit" if key == "scale" else ""
            faults.add(f"{name} needs the parameter {key!r}{unit}", code="E-distribution-parameters")
    faults.check()
    amounts, unit = form.sized(raw, sized, faults, names)
    params = {}
    for key in shapes:
        with faults.under(key):
            params[key] = float(NumberForm().read(raw[key], names))
    faults.check()
    _check(name, family, params, amounts)
    return Dist(name, (*params.items(), *amounts.items()), unit)


def _has_no_formula(family: Any) -> bool:
    """Whether a continuous distribution has a formula neither for quantiles nor for probabilities."""
    plain, own = stats.rv_continuous, type(family)
    return isinstance(family, plain) and own._ppf is plain._ppf and own._cdf is plain._cdf


def _check(name: str, family: Any, params: dict[str, float], amounts: dict[str, float]) -> None:
    if not amounts.get("scale", 1.0) > 0:
        raise FormError(f"`scale > 0` must hold for {name}", code="E-distribution-range")
    shown = ", ".join(f"{key}={value:g}" for key, value in params.items())
    try:
        mean = float(family.mean(*params.values(), **amounts)) if family._argcheck(*params.values()) else None
    except (ValueError, ArithmeticError, TypeError) as error:
        raise FormError(
            f"{name} cannot be used{f' with {shown}' if shown else ''}: {error}", code="E-distribution-parameters"
        ) from None
    if mean is None:
        raise FormError(f"{name} does not allow the parameters ({shown})", code="E-distribution-parameters")
    if not mean < float("inf"):
        with_these = f"{name} with {shown}" if shown else name
        raise FormError(
            f"{with_these} has no finite mean, so no average would settle", code="E-distribution-unfit"
        )
