"""Forms: how one value may be written in a scenario file.

A form knows four things about the values of its kind: how to read them (text and numbers to a quantity), how to
bring short forms to the long one, how changes act on them (add, multiply, lay over, apply in part), and the JSON
Schema of what may be written. Fields of the scenario types carry a form as annotation (`fields`), so pydantic,
the overlays of `changes` and the generated schema all follow the same object.

Documents are plain values as they stand in a file: mappings, lists, text, numbers. A form never changes the
document it was handed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from . import remedies
from .signs import missing_colon
from .suggestions import ending, suggestion

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, ValidationError, ValidationInfo
    from pydantic_core import CoreSchema

T = TypeVar("T")
Path = tuple[str | int, ...]
LARGEST_FACTOR = 1_000_000_000
_WIDE_BEFORE_COMMENT = re.compile("[\u3000\u00a0]#")
ORIGINS = ("new", "expansion", "referral")


# --- what may be wrong -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a value, at a path relative to it; ``key`` if the name is wrong, not the value.

    ``missing`` is the name of what a scenario should define and does not, however often it is spoken of; ``code``
    is the kind of mistake.
    """

    message: str
    path: Path = ()
    key: bool = False
    missing: str = ""
    code: str = field(kw_only=True, compare=False)

    def under(self, prefix: Path) -> Fault:
        """The same fault seen from further up the document."""
        return replace(self, path=prefix + self.path)


class FormError(ValueError):
    """A value that does not have the form asked for; carries every `Fault` found, texts under one ``code``."""

    def __init__(self, *faults: Fault | str, code: str = "") -> None:
        self.faults = tuple(Fault(each, code=code) if isinstance(each, str) else each for each in faults)
        super().__init__("; ".join(fault.message for fault in self.faults))

    @property
    def code(self) -> str:
        """The kind of mistake; of several faults that of the first."""
        return self.faults[0].code if self.faults else ""


class Faults:
    """A collector, so that all faults of a value come at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @contextmanager
    def under(self, *path: str | int) -> Iterator[None]:
        """Collect what goes wrong inside, as faults of the part at ``path``."""
        try:
            yield
        except FormError as wrong:
            self.found.extend(fault.under(path) for fault in wrong.faults)

    def add(self, message: str, *path: str | int, code: str, key: bool = False) -> None:
        """Note a fault of the part at ``path``."""
        self.found.append(Fault(message, path, key, code=code))

    def check(self) -> None:
        """Raise `FormError` if anything was collected."""
        if self.found:
            raise FormError(*self.found)


def found(raw: Any) -> str:
    """What stands in the file, in words short enough for a message."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Mapping):
        keys = ", ".join(str(key)[:30] for key in list(raw)[:4])
        return f"a mapping ({keys}{', ...' if len(raw) > 4 else ''})" if raw else "an empty mapping"
    if isinstance(raw, list | tuple):
        return f"a list of {len(raw)}"
    if not isinstance(raw, str | int | float):
        return f"a {type(raw).__name__}"  # made in Python; a file cannot hold it
    text = f"{raw:.12g}" if isinstance(raw, float) else repr(raw)
    text = text if len(text) <= 60 else text[:57] + "...'"
    slip = isinstance(raw, str) and _WIDE_BEFORE_COMMENT.search(raw)
    return f"{text} (the space before # is a full-width one; a comment needs an ordinary space)" if slip else text


def typed(raw: Any) -> str:
    """What was typed wrongly where a mapping is expected and a text was read, as the end of a message."""
    better = missing_colon(raw) if isinstance(raw, str) else None
    return f"; {better}" if better else ""


def undashed(raw: Any) -> str:
    """What to write for a list of names with what belongs to them, as the end of a message."""
    names = (
        [str(key) for each in raw if isinstance(each, Mapping) for key in each] if isinstance(raw, list) else []
    )
    return f"; names stand there without dashes, as in `{names[0]}: ...`" if names else ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The message for a name that nobody knows, with the one that may be meant, or all."""
    names = list(known)
    advice = suggestion(name, names) or (
        f"known are {', '.join(names[:15])}{', ...' if len(names) > 15 else ''}" if names else "none is defined"
    )
    return f"unknown {what} {found(name)}; {advice}"


def undefined(role: str, name: str, known: Iterable[str], key: bool = False) -> Fault:
    """The fault of a value that speaks of something the scenario does not define."""
    return Fault(unknown(role, name, known), (), key, name, code="E-name-unknown")


def kept(like: Any, content: Any) -> Any:
    """``content`` in the container of ``like``, which remembers the places of its parts."""
    return like.like(content) if hasattr(like, "like") else content


def behind(old: Any, items: Sequence[Any]) -> Any:
    """A list with items behind it that are not in it yet, which remembers the places of the others."""
    there = old if isinstance(old, list) else []
    new = [item for at, item in enumerate(items) if item not in there and item not in items[:at]]
    return kept(there, [*there, *new])


# --- names a scenario defines ------------------------------------------------------------------------------


def _keys(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = document.get(key)
    return tuple(str(name) for name in value) if isinstance(value, Mapping) else ()


@dataclass(frozen=True)
class Names:
    """What of a scenario its values may refer to: the names it defines, when it starts, and its currency.

    ``given`` is False where nothing is known. What follows `kinds` is as it is written, right or wrong.
    """

    given: bool = False
    segment: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    origin: tuple[str, ...] = ORIGINS
    kinds: frozenset[str] = field(default_factory=frozenset)
    start: Any = None
    warmup: Any = None
    currency: Any = None
    exchange: Any = None

    @classmethod
    def of(cls, document: Any) -> Names:
        """The names defined in a document, whatever else may be wrong with it."""
        if not isinstance(document, Mapping):
            return cls()
        segment, territory = _keys(document, "segments"), _keys(document, "territories")
        source = _keys(document, "sources")
        kinds = frozenset((*segment, *territory, *source, *ORIGINS))
        team, stage, calendar = (_keys(document, key) for key in ("teams", "stages", "calendars"))
        whole = (document.get(key) for key in ("start", "warmup", "currency", "exchange"))
        return cls(True, segment, territory, source, team, stage, (*calendar, "always"), ORIGINS, kinds, *whole)

    def all(self, role: str) -> tuple[str, ...]:
        """All names in a role: ``team``, ``stage``, ``segment``, ..."""
        return tuple(getattr(self, role))


NOBODY = Names()
"""No names known: references are not checked."""


# --- changes of numbers ------------------------------------------------------------------------------------


ADJUSTMENTS = ("add", "multiply", "odds")
"""What a change may do to the numbers that are there."""


def adjusts(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is a change of the numbers that are there, such as ``{add: 1}``."""
    return set(value) <= set(ADJUSTMENTS)


@dataclass(frozen=True)
class Adjust:
    """``{add: x}``, ``{multiply: x}`` or ``{odds: x}``: what a change does to the numbers that are there."""

    op: str
    amount: Any

    @property
    def factor(self) -> float:
        """The factor of a multiplication."""
        if isinstance(self.amount, bool) or not isinstance(self.amount, int | float):
            better = remedies.instead(remedies.number(self.amount))
            said = f"expected a number to multiply{self._what} by, found {found(self.amount)}{better}"
            raise FormError(Fault(said, (self.op,), code="E-value-number"))
        if not abs(self.amount) <= LARGEST_FACTOR:
            raise FormError(
                Fault(
                    f"a factor is at most {LARGEST_FACTOR:,}, found {found(self.amount)}",
                    (self.op,),
                    code="E-factor-range",
                )
            )
        return self.amount

    @property
    def _what(self) -> str:
        return " the odds" if self.op == "odds" else ""

    def of_share(self, share: float) -> float:
        """A probability with its odds multiplied, which stays one; raises `FormError` for a factor below 0."""
        if self.factor < 0:
            raise FormError(
                Fault(
                    f"odds are multiplied by 0 or more, found {found(self.amount)}",
                    (self.op,),
                    code="E-factor-range",
                )
            )
        return self.factor * share / (1 - share + self.factor * share) if 0 < share < 1 else share


# --- the base of all forms ---------------------------------------------------------------------------------


class Form(Generic[T]):
    """How a value of some kind may be written; see the module's text."""

    made: ClassVar[tuple[type, ...]] = ()
    """Types of values already read, which pass unchanged."""
    merges: ClassVar[bool] = False
    """Whether a mapping laid over a mapping is merged with it; else it replaces it."""

    def read(self, raw: Any, names: Names) -> T:
        """The value that ``raw`` stands for; raises `FormError`."""
        raise NotImplementedError

    def owns(self, raw: Mapping[str, Any], names: Names) -> bool:
        """Whether this mapping is the form's own way of writing, rather than a map by kind."""
        return False

    def expand(self, raw: Any, names: Names) -> Any:
        """The long form of ``raw``; what cannot be understood stays as it is, for `read` to report."""
        return raw

    def child(self, key: str) -> Form[Any] | None:
        """The form of the part called ``key``; None if there can be no such part."""
        return None

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        """The document value ``old`` with a number added, or itself or its odds multiplied."""
        what = "whose odds could be multiplied" if change.op == "odds" else f"to {change.op}"
        raise FormError(f"there is no number {what} in {found(old)}", code="E-change-no-number")

    def rounded(self, old: Any, change: Adjust, names: Names) -> str:
        """What `adjust` rounds, in words; empty where it does not."""
        return ""

    def rounded_part(self, old: Any, new: Any, dose: float, names: Names) -> str:
        """What `blend` rounds, in words; empty where it does not."""
        return ""

    @property
    def is_share(self) -> bool:
        """Whether its values are probabilities, which have odds."""
        return False

    def appended(self, old: Any, items: Sequence[Any], names: Names) -> Any:
        """``old`` with items behind what is there, each once; None for ``old`` where nothing is."""
        raise FormError(f"nothing can be appended to {found(old)}, which is no list", code="E-change-no-list")

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        """A share ``dose`` of the way from ``old`` to ``new``."""
        if old == new:
            return new
        raise FormError(
            f"cannot go {dose:g} of the way from {found(old)} to {found(new)}; it takes dose 1 only",
            code="E-dose-whole",
        )

    def default(self, value: Any) -> Any:
        """How the typed default ``value`` is written; None if it has no number that a change could act on."""
        return None

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        """JSON Schema of what may be written; shared parts go into ``defs``."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema  # here and below: reading a file alone needs none of it

        return core_schema.with_info_plain_validator_function(self._validate)

    def _validate(self, raw: Any, info: ValidationInfo[Names | None]) -> Any:
        if isinstance(raw, self.made):
            return raw
        try:
            return self.read(raw, info.context or NOBODY)
        except FormError as wrong:
            raise validation_error(wrong.faults, raw) from None


def validation_error(faults: Iterable[Fault], raw: Any) -> ValidationError:
    """Faults as an error that pydantic carries upwards, keeping their paths."""
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    return ValidationError.from_exception_data(
        "scenario",
        [
            InitErrorDetails(
                type=PydanticCustomError(
                    "fault",
                    "{message}",
                    {"message": f.message, "key": f.key, "missing": f.missing, "code": f.code},
                ),
                loc=f.path,
                input=raw,
            )
            for f in faults
        ],
    )


_SUCH_AS = {
    "queue": "; by which rule its people take work, such as queue: fifo, lifo, due or expected_value",
    "horizon": "; how long to simulate, such as horizon: 1 y",
}
"""What a required key is, and what may be written."""


def faults_of(error: ValidationError) -> list[Fault]:
    """The faults in an error of pydantic, its own messages put in this project's words."""
    return [_fault(details) for details in error.errors(include_url=False)]


def _fault(details: Any) -> Fault:
    path, kind, raw = tuple(details["loc"]), details["type"], details["input"]
    context = details.get("ctx", {})
    if kind == "fault":
        return Fault(context["message"], path, context["key"], context["missing"], code=context["code"])
    if kind == "missing":
        return Fault(
            f"this key is required, and missing{_SUCH_AS.get(str(path[-1]), '')}", path, code="E-key-missing"
        )
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
        hint = ending(raw, choices) if isinstance(raw, str) else ""
        return Fault(
            f"expected one of {', '.join(choices)}, found {found(raw)}{hint}", path, code="E-value-choice"
        )
    expected = {
        "dict_type": "a mapping of names",
        "tuple_type": "a list",
        "string_type": "text",
        "model_type": "a mapping",
    }.get(kind)
    listed = f"; write [{raw}]" if kind == "tuple_type" and isinstance(raw, str | int | float) else ""
    if kind == "tuple_type" and isinstance(raw, Mapping):
        listed = "; one stands in brackets too, as in [{...}]"
    dashes = undashed(raw) if kind == "dict_type" else ""
    message = f"expected {expected}, found {found(raw)}{typed(raw) or listed or dashes}"
    return Fault(message if expected else details["msg"], path, code="E-value-shape" if expected else "E-value")
