"""Bodies and query strings: strict decoding on the way in, and, when that fails, a list of every wrong field.

msgspec decodes and validates a good body in about a microsecond and stops at the first error of a bad one. So the slow
walk over the fields happens on the failure path alone.
"""

import re
import types
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.errors import FieldError, Problem

T = TypeVar("T")

MAX_EXPONENT = 9
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2101, 1, 1, tzinfo=UTC)
# Of a body that is wrong all over this many errors are told: finding a million of them would keep a core for seconds.
MAX_ERRORS = 100


class FieldsWrongError(ValueError):
    """Fields that are wrong together, found after each was found well-formed alone."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{e.pointer}: {e.detail}" for e in errors))
        self.errors = errors


def bounded(minimum: int | str, maximum: int | str, places: int) -> Meta:
    """Bounds (both included) of a decimal and how many digits may follow its point."""
    low, high = Decimal(minimum), Decimal(maximum)
    return Meta(
        extra={"check": _decimal_check(low, high, places)},
        extra_json_schema={"minimum": float(low), "maximum": float(high), "type": "number"},
    )


def _decimal_check(low: Decimal, high: Decimal, places: int) -> Callable[[Any], str | None]:
    def check(value: Decimal) -> str | None:
        if not value.is_finite() or not low <= value <= high:
            return f"must be a number from {low} to {high}"
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            return f"must have at most {places} digits after the point"
        if isinstance(exponent, int) and exponent > MAX_EXPONENT:  # 0e1000000 is zero, and more than numeric can write down
            return "must not have such an exponent"
        return None

    return check


def _moment_check(value: datetime) -> str | None:
    return None if EARLIEST <= value < LATEST else "must lie between 1970 and 2100"


def _day_check(value: date) -> str | None:
    return None if EARLIEST.date() <= value < LATEST.date() else "must lie between 1970 and 2100"


def _no_nul(value: str) -> str | None:
    return "must not contain the character NUL" if "\x00" in value else None


def text(minimum: int, maximum: int) -> Meta:
    """Bounds of a text's length in characters. NUL is refused: PostgreSQL cannot store it."""
    return Meta(min_length=minimum, max_length=maximum, extra={"check": _no_nul})


Moment = Annotated[datetime, Meta(tz=True, extra={"check": _moment_check}, description="RFC 3339 with offset")]
Day = Annotated[date, Meta(extra={"check": _day_check}, description="ISO 8601")]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a client sends. Unknown fields are refused; `together` says what is wrong with fields that are fine alone."""

    def __post_init__(self) -> None:
        for name, check in _checks(type(self)):
            value = getattr(self, name)
            if value is not None and value is not UNSET:
                wrong = check(value)
                if wrong is not None:
                    raise FieldsWrongError([FieldError(f"/{name}", wrong)])
        wrongs = list(self.together())
        if wrongs:
            raise FieldsWrongError(wrongs)

    def together(self) -> Iterable[FieldError]:
        """Errors between fields; pointers are relative to this object."""
        return ()

    def given(self) -> dict[str, Any]:
        """The fields that were sent, None among them; what was left out is not there."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}


@cache
def _checks(struct: type) -> tuple[tuple[str, Callable[[Any], str | None]], ...]:
    return tuple(
        (name, meta.extra["check"])
        for name, hint in _hints(struct).items()
        for meta in _metas(hint)
        if meta.extra and "check" in meta.extra
    )


@cache
def _hints(struct: type) -> dict[str, Any]:
    return get_type_hints(struct, include_extras=True)


def _metas(hint: Any) -> Iterator[Meta]:
    if get_origin(hint) is Annotated:
        yield from (m for m in hint.__metadata__ if isinstance(m, Meta))
        yield from _metas(get_args(hint)[0])
    elif get_origin(hint) in (Union, types.UnionType):
        for part in get_args(hint):
            yield from _metas(part)


_HUGE_NUMBERS = msgspec.json.Decoder(float_hook=Decimal)


def _decimal_fields(hint: Any) -> set[str]:
    """The names of all fields that are decimals and not texts, in the structs that a type is made of."""
    found: set[str] = set()
    seen: set[Any] = set()
    waiting = [hint]
    while waiting:
        part = waiting.pop()
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            if part not in seen:
                seen.add(part)
                fields = {f.name: f.encode_name for f in msgspec.structs.fields(part)}
                found |= {fields[name] for name, inner in _hints(part).items() if name in fields and _is_decimal(inner)}
                waiting.extend(_hints(part).values())
        else:
            waiting.extend(get_args(part))
    return found


def _is_decimal(hint: Any) -> bool:
    """Whether a decimal, and no text, may stand here."""
    if get_origin(hint) is Annotated:
        return _is_decimal(get_args(hint)[0])
    parts = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else ()
    return hint is Decimal or (any(_is_decimal(part) for part in parts) and str not in parts)


class BodyDecoder(Generic[T]):
    """Decodes one type of body."""

    def __init__(self, type_: Any) -> None:
        self._type = type_
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(type_)
        # msgspec takes a decimal as a text too, "80" for 80; this API does not. A search of the bytes finds the rare body
        # that may hold one, so that all others pay a microsecond and not a second walk.
        names = "|".join(sorted(map(re.escape, _decimal_fields(type_))))
        self._text_for_decimal = re.compile(rf'"(?:{names})"\s*:\s*"'.encode()) if names else None

    def decode(self, body: bytes) -> T:
        """The body as its type.

        Raises:
            Problem: malformed-json, or invalid with every wrong field.
        """
        try:
            decoded = self._decoder.decode(body)
        except (msgspec.ValidationError, FieldsWrongError) as error:
            raise Problem("invalid", errors=self._explain(body) or [FieldError("", str(error))]) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem("malformed-json", str(error)) from None
        if self._text_for_decimal is not None and self._text_for_decimal.search(body):
            errors = self._explain(body)
            if errors:
                raise Problem("invalid", errors=errors)
        return decoded

    def _explain(self, body: bytes) -> list[FieldError]:
        try:
            try:
                value = msgspec.json.decode(body)
            except msgspec.ValidationError:  # a number that no float holds, such as 1e400
                value = _HUGE_NUMBERS.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            # The decoder stopped at a wrong field, before it came to where the body ceases to be JSON.
            raise Problem("malformed-json", str(error)) from None
        return list(islice(explain(self._type, value, ""), MAX_ERRORS))


def decode_query(type_: type[T], query: dict[str, str]) -> T:
    """A query string as a struct: texts are read as the types of its fields.

    Raises:
        Problem: invalid, with every wrong parameter.
    """
    try:
        return msgspec.convert(query, type_, strict=False)
    except (msgspec.ValidationError, FieldsWrongError) as error:
        wrong = islice(explain(type_, query, "", strict=False), MAX_ERRORS)
        found = [FieldError(f"query{e.pointer}", e.detail) for e in wrong]
        raise Problem("invalid", errors=found or [FieldError("query", str(error))]) from None


def explain(hint: Any, value: Any, pointer: str, *, strict: bool = True) -> Iterator[FieldError]:
    """Everything that is wrong with a JSON value that should be of the type `hint`, each with its pointer."""
    bare = _choose(hint, value)
    tag_field, tagged = _tags(bare)
    if tagged and isinstance(value, dict):
        yield FieldError(f"{pointer}/{tag_field}", f"must be one of {', '.join(tagged)}")
    elif isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield from _explain_struct(bare, value, pointer, strict=strict)
    elif get_origin(bare) is list and isinstance(value, list):
        metas = list(_metas(hint))
        # Beyond what the list may hold nothing is looked at: a million good items too many would keep a core for a minute.
        most = next((m.max_length for m in metas if m.max_length is not None), None)
        for index, item in enumerate(value[:most]):
            yield from explain(get_args(bare)[0], item, f"{pointer}/{index}", strict=strict)
        yield from _explain_leaf(Annotated[list[Any], *metas] if metas else list[Any], value, pointer, strict=strict)
    else:
        yield from _explain_leaf(hint, value, pointer, strict=strict)


def _choose(hint: Any, value: Any) -> Any:
    """The branch of a union that a value is meant for."""
    if get_origin(hint) is Annotated:
        return _choose(get_args(hint)[0], value)
    if get_origin(hint) in (Union, types.UnionType):
        parts = [p for p in get_args(hint) if p not in (type(None), UnsetType)]
        lists = [p for p in parts if get_origin(_choose(p, value)) is list]
        if isinstance(value, list) and lists:
            return _choose(lists[0], value)
        others = [p for p in parts if p not in lists]
        if value is None or len(others) != 1:
            return _tagged(hint, value) or hint
        return _choose(others[0], value)
    return hint


def _tags(hint: Any) -> tuple[str, dict[Any, Any]]:
    """The field by which a union of structs is told apart, and the struct for each of its values; empty for any other type."""
    configs = [(p, p.__struct_config__) for p in get_args(hint) if isinstance(p, type) and issubclass(p, msgspec.Struct)]
    return next((c.tag_field for _, c in configs if c.tag_field), ""), {c.tag: p for p, c in configs if c.tag is not None}


def _tagged(hint: Any, value: Any) -> Any:
    """The struct that a value says it is, None if it says nothing that is known."""
    name, structs = _tags(hint)
    tag = value.get(name) if isinstance(value, dict) else None
    return structs.get(tag) if isinstance(tag, str) else None


def _explain_struct(struct: Any, value: Any, pointer: str, *, strict: bool) -> Iterator[FieldError]:
    if not isinstance(value, dict):
        yield FieldError(pointer, "must be an object")
        return
    found = False
    hints = _hints(struct)
    fields = {f.encode_name: f for f in msgspec.structs.fields(struct)}
    for name in value:
        if name not in fields and name != struct.__struct_config__.tag_field:
            found = True
            yield FieldError(f"{pointer}/{_escaped(name[:120])}", "is not a field of this request")
    for name, field in fields.items():
        if name in value:
            for error in explain(hints[field.name], value[name], f"{pointer}/{name}", strict=strict):
                found = True
                yield error
        elif field.required:
            found = True
            yield FieldError(f"{pointer}/{name}", "is required")
    if not found:
        yield from _explain_leaf(struct, value, pointer, strict=strict)


def _explain_leaf(hint: Any, value: Any, pointer: str, *, strict: bool) -> Iterator[FieldError]:
    if strict and isinstance(value, str) and _is_decimal(hint):
        yield FieldError(pointer, "Expected `number`, got `str`")
        return
    try:
        converted = msgspec.convert(value, hint, strict=strict)
    except (ValueError, OverflowError) as error:
        # msgspec wraps what __post_init__ raises into a ValidationError, itself a ValueError.
        cause = error if isinstance(error, FieldsWrongError) else error.__cause__
        if isinstance(cause, FieldsWrongError):
            for wrong in cause.errors:
                yield FieldError(pointer + wrong.pointer, wrong.detail)
            return
        yield FieldError(pointer, str(error).split(" - at `")[0])
        return
    for meta in _metas(hint):
        if meta.extra and "check" in meta.extra and converted is not None and converted is not UNSET:
            wrong_here = meta.extra["check"](converted)
            if wrong_here:
                yield FieldError(pointer, wrong_here)


def _escaped(name: str) -> str:
    """A field's name within a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")
