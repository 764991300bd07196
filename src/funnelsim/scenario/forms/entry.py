"""Mappings in a scenario: the base class of all types, and their forms."""

from __future__ import annotations

import types as pytypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Literal, Self, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from funnelsim.unchanging import OF_SCENARIOS, refuse

from . import remedies
from .base import (
    NOBODY,
    Adjust,
    Fault,
    Form,
    FormError,
    Names,
    behind,
    faults_of,
    found,
    kept,
    typed,
    undashed,
    validation_error,
)
from .plain import ChoiceForm, TextForm
from .suggestions import suggestion


class Entry(BaseModel):
    """Base of all mappings in a scenario: frozen, and no key that is not known.

    ``main`` names the keys that a bare value stands for: ``queue: fifo`` is ``queue: {rule: fifo}``. ``listed``
    names the key that a list stands for, whose numbers take the place of the main one: ``skill: [0.2, -0.1]``.
    """

    # What reads them is built when the first is read: that of a whole scenario holds that of its parts.
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True, defer_build=True
    )
    main: ClassVar[tuple[str, ...]] = ()
    listed: ClassVar[str] = ""

    @classmethod
    def neutral(cls) -> Self:
        """An entry of which nothing is written, made without building what reads it."""
        return cls.model_construct()

    @classmethod
    def keys(cls) -> dict[str, str]:
        """Keys as written in files, with the attribute each one fills."""
        return _keys(cls)

    @classmethod
    def expanded(cls, raw: Any) -> Any:
        """The long form of a short one: a mapping."""
        if raw is None:
            return {}
        if cls.listed and isinstance(raw, list):
            return {cls.listed: raw}
        if cls.main and not (isinstance(raw, Mapping) and "dist" not in raw):
            one_for_all: dict[str, Any] = {cls.listed: []} if cls.listed else {}
            return {**dict.fromkeys(cls.main, raw), **one_for_all}
        return raw

    @classmethod
    def remedy(cls, raw: Any) -> str:
        """What to write for a bare value, as the end of a message: a mapping with it, where that can be told."""
        better = typed(raw)
        if better or isinstance(raw, Mapping | list | bool):
            return better
        amount = (remedies.duration(raw) or "").strip("'")
        tried = [raw] if not amount or " " in amount.partition(" ")[2] else [raw, amount]
        for value in tried:
            for key in tuple(cls.keys()):
                if _takes(cls, key, value):
                    return f"; write {{{key}: {remedies.written(value) if isinstance(value, float) else value}}}"
        return ""

    def __setattr__(self, name: str, value: Any) -> None:
        refuse(type(self).__name__, name, OF_SCENARIOS)

    def __delattr__(self, name: str) -> None:
        refuse(type(self).__name__, name, OF_SCENARIOS, "removed")

    def check(self) -> None:
        """Raise `FormError` if values that are right one by one contradict each other."""

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, raw: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo[Names | None]) -> Self:
        if isinstance(raw, cls):
            return raw
        raw = cls.expanded(raw)
        if not isinstance(raw, Mapping):
            some = ", ".join(list(cls.keys())[:8])
            raise validation_error(
                [
                    Fault(
                        f"expected a mapping with keys such as {some}; found {found(raw)}{cls.remedy(raw)}",
                        code="E-value-shape",
                    )
                ],
                raw,
            )
        keys, attributes = cls.keys(), cls.model_fields
        faults = [
            cls._unknown(key, info.context or NOBODY) for key in raw if key not in keys and key not in attributes
        ]
        known = {k: v for k, v in raw.items() if v is not None and (k in keys or k in attributes)}
        try:
            made = handler(known)
            if not faults:  # a misspelt key would be reported twice
                made.check()
        except ValidationError as error:
            faults += cls._once(raw, faults_of(error))
        except FormError as wrong:
            faults += wrong.faults
        if faults:
            raise validation_error(faults, raw)
        return made

    @classmethod
    def _once(cls, raw: Mapping[str, Any], faults: list[Fault]) -> list[Fault]:
        """Faults of one value that stands for several keys, told once and of the whole."""
        first, *others = cls.main or ("",)
        if not others or first not in raw or not all(_same(raw[first], raw.get(other)) for other in others):
            return faults
        return [
            replace(fault, path=fault.path[1:] if fault.path[:1] == (first,) else fault.path)
            for fault in faults
            if not (fault.path and fault.path[0] in others)
        ]

    @classmethod
    def _unknown(cls, key: Any, names: Names) -> Fault:
        advice = suggestion(str(key), cls.keys()) or f"known are {', '.join(cls.keys())}"
        return Fault(f"unknown key {str(key)[:60]!r}; {advice}", (str(key),), key=True, code="E-key-unknown")


@cache
def _keys(kind: type[Entry]) -> dict[str, str]:
    return {info.alias or name: name for name, info in kind.model_fields.items()}


@dataclass(frozen=True)
class EntryForm(Form[Entry]):
    """The form of one of the scenario's types."""

    type: type[Entry]
    merges: ClassVar[bool] = True

    def read(self, raw: Any, names: Names) -> Entry:
        try:
            return self.type.model_validate(raw, context=names)
        except ValidationError as error:
            raise FormError(*faults_of(error)) from None

    def owns(self, raw: Mapping[str, Any], names: Names) -> bool:
        keys = self.type.keys()
        if "dist" in raw or all(key in keys for key in raw):
            return True
        return not any(key == "else" or key in names.kinds for key in raw)

    def expand(self, raw: Any, names: Names) -> Any:
        raw = self.type.expanded(raw) if raw is not None else raw
        if not isinstance(raw, Mapping):
            return raw
        return kept(raw, {key: self._part(key, value, names) for key, value in raw.items()})

    def _part(self, key: str, value: Any, names: Names) -> Any:
        form = self.child(key)
        return value if form is None or value is None else form.expand(value, names)

    def child(self, key: str) -> Form[Any] | None:
        name = self.type.keys().get(key)
        return None if name is None else form_of_field(self.type, name)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if not self.type.main or not isinstance(old, Mapping):
            return super().adjust(old, change, names)
        changed = {}
        listed = self.type.listed
        for key in (*self.type.main, *([listed] if old.get(listed) else [])):
            form = self.child(key)
            value = old[key] if key in old else self.default_of(key)
            if form is None or value is None:
                raise FormError(f"there is no number to {change.op} in {found(old)}", code="E-change-no-number")
            changed[key] = form.adjust(value, change, names)
        return kept(old, {**old, **changed})

    @property
    def is_share(self) -> bool:
        main = [self.child(key) for key in self.type.main]
        return bool(main) and all(form is not None and form.is_share for form in main)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        first, last = old or {}, new or {}
        return {
            key: self._blended(key, first.get(key), last.get(key), dose, names)
            for key in dict.fromkeys((*first, *last))
        }

    def _blended(self, key: str, old: Any, new: Any, dose: float, names: Names) -> Any:
        form = self.child(key)
        before = old if old is not None else self.default_of(key)
        after = new if new is not None else self.default_of(key)
        if before == after or form is None:
            return after
        if after is None:
            raise FormError(
                Fault(
                    f"a removal cannot be done {dose:g} of the way; it takes dose 1 only",
                    (key,),
                    code="E-dose-whole",
                )
            )
        if before is None and not isinstance(form, EntryForm):
            message = f"there is no value from which to go {dose:g} of the way; it takes dose 1 only"
            raise FormError(Fault(message, (key,), code="E-dose-whole"))
        return form.blend(before, after, dose, names)

    def default(self, value: Any) -> Any:
        return {}

    def default_of(self, key: str) -> Any:
        """How the default of a key is written, where it has a number."""
        name, form = self.type.keys().get(key), self.child(key)
        if name is None or form is None or self.type.model_fields[name].is_required():
            return None
        return form.default(self.type.model_fields[name].get_default(call_default_factory=True))

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        # Imported here, since it is needed only where the schema is made.
        from .entry_schema import entry_schema

        return entry_schema(self.type, defs)


@dataclass(frozen=True)
class NamedForm(Form[dict[str, Any]]):
    """Named things, in file order: teams, stages, sources."""

    inner: Form[Any]
    merges: ClassVar[bool] = True

    def read(self, raw: Any, names: Names) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise FormError(
                f"expected a mapping of names, found {found(raw)}{typed(raw)}{undashed(raw)}", code="E-value-shape"
            )
        return {name: self.inner.read(value, names) for name, value in raw.items()}

    def expand(self, raw: Any, names: Names) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        return kept(raw, {k: {} if v is None else self.inner.expand(v, names) for k, v in raw.items()})

    def child(self, key: str) -> Form[Any] | None:
        return self.inner

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        inner = {"anyOf": [self.inner.schema(defs), {"type": "null"}]}
        return {"type": "object", "additionalProperties": inner}


@dataclass(frozen=True)
class ListForm(Form[tuple[Any, ...]]):
    """A list of things of one form."""

    inner: Form[Any]

    def read(self, raw: Any, names: Names) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            one = "; one stands in brackets too, as in [{...}]" if isinstance(raw, Mapping) else ""
            raise FormError(f"expected a list, found {found(raw)}{one}", code="E-value-shape")
        return tuple(self.inner.read(value, names) for value in raw)

    def expand(self, raw: Any, names: Names) -> Any:
        if not isinstance(raw, list):
            return raw
        return kept(raw, [self.inner.expand(value, names) for value in raw])

    def child(self, key: str) -> Form[Any] | None:
        return self.inner

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if not isinstance(old, list) or not old:
            return super().adjust(old, change, names)
        return kept(old, [self.inner.adjust(value, change, names) for value in old])

    def appended(self, old: Any, items: Sequence[Any], names: Names) -> Any:
        return behind(old, [self.inner.expand(item, names) for item in items])

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not (isinstance(old, list) and isinstance(new, list) and len(old) == len(new)):
            return super().blend(old, new, dose, names)
        return [self.inner.blend(a, b, dose, names) for a, b in zip(old, new, strict=True)]

    def default(self, value: Any) -> Any:
        return None if value else []

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": self.inner.schema(defs)}


@dataclass(frozen=True)
class FragmentForm(Form[dict[str, Any]]):
    """A mapping whose inside is not looked at here, such as the change of a phase."""

    def read(self, raw: Any, names: Names) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise FormError(f"expected a mapping, found {found(raw)}", code="E-value-shape")
        return dict(raw)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object"}


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one that was written once."""
    places = getattr(one, "marks", None)
    return one is other or bool(places and one == other and places == getattr(other, "marks", None))


def _takes(owner: type[Entry], key: str, raw: Any) -> bool:
    """Whether a part of a mapping may be a bare value; names and texts, which might be anything, are left out."""
    form = form_of_field(owner, owner.keys()[key])
    if isinstance(form, TextForm) or isinstance(getattr(form, "inner", None), TextForm):
        return False
    try:
        form.read(raw, Names(given=True))
    except FormError:
        return False
    return True


def form_of_field(owner: type[Entry], name: str) -> Form[Any]:
    """The form of a field of one of the types."""
    info = owner.model_fields[name]
    for extra in info.metadata:
        if isinstance(extra, Form):
            return extra
    return form_of(info.annotation)


def form_of(annotation: Any) -> Form[Any]:
    """The form of an annotation: a form of its own, a type of the scenario, names or a list of those."""
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, Form):
            return extra
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, pytypes.UnionType):
        return form_of(next(part for part in parts if part is not type(None)))
    if origin is dict:
        return NamedForm(form_of(parts[1]))
    if origin is tuple:
        return ListForm(form_of(parts[0]))
    if origin is Literal:
        return ChoiceForm(tuple(str(part) for part in parts))
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return EntryForm(annotation)
    raise TypeError(f"no form for {annotation}")
