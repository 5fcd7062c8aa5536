"""What is taken and answered over HTTP: the form of an import, read field by field, and the shapes of the answers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.exceptions import HTTPException
from msgspec import Meta

from reptrail.errors import FieldError, Problem
from reptrail.http.bodies import MAX_ERRORS, Body, FieldsWrongError, explain
from reptrail.identity.rules import time_zone_error
from reptrail.training.rules import WeightUnit
from reptrail.transfer.actions import ImportOptions
from reptrail.transfer.formats.parsed import DistanceUnit
from reptrail.transfer.rules import MAX_MAPPINGS, Counts

MULTIPART = "multipart/form-data"
MAX_MAPPED_NAME_CHARACTERS = 200
_FILE = "file"
_TOO_LARGE = 413


TimeZone = Annotated[str, Meta(extra={"check": time_zone_error}, description="IANA name; default: the athlete's")]


class ImportForm(Body):
    """The fields of the form beside `file`. `mappings` is a JSON object: a name in the file to the id of an exercise."""

    format: Literal["auto", "hevy", "strong", "hevy-measurements", "reptrail"] = "auto"
    dry_run: bool = False
    time_zone: TimeZone | None = None
    weight_unit: WeightUnit | None = None
    distance_unit: DistanceUnit | None = None
    mappings: str | None = None


class ImportItem(msgspec.Struct):
    """An import in a list."""

    id: UUID
    import_format: str
    file_name: str
    file_sha256: str
    time_zone: str
    import_status: Literal["APPLIED", "UNDONE"]
    counts: Counts
    issues_total: int
    undone_at: datetime | None
    created_by: UUID
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class ImportPage(msgspec.Struct):
    """A page of imports, newest first."""

    items: list[ImportItem]
    next_cursor: str | None


async def read_import(request: Request[Any, Any, Any]) -> tuple[bytes, ImportOptions]:
    """The file and the options of a multipart request.

    Raises:
        Problem: unsupported-media-type, body-too-large, or invalid with every wrong field.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MULTIPART:
        raise Problem("unsupported-media-type", f"send {MULTIPART}")
    parts = await _parts(request)
    try:
        file, texts, errors = _sorted_out(parts.multi_items())
        options = _options(texts, errors)
        if file is None or errors:
            raise Problem("invalid", errors=errors[:MAX_ERRORS])
        return await file.read(), replace(options, file_name=file.filename or "")
    finally:
        await parts.close()


def _options(texts: dict[str, str], errors: list[FieldError]) -> ImportOptions:
    """The fields as options; what is wrong with them is added to `errors`."""
    form = ImportForm()
    try:
        form = msgspec.convert(texts, ImportForm, strict=False)
    except (msgspec.ValidationError, FieldsWrongError) as error:
        errors += list(explain(ImportForm, texts, "", strict=False)) or [FieldError("", str(error))]
    mappings, wrong = _mappings(form.mappings)
    errors += wrong
    return ImportOptions(
        format=form.format,
        dry_run=form.dry_run,
        time_zone=form.time_zone,
        weight_unit=form.weight_unit,
        distance_unit=form.distance_unit,
        mappings=mappings,
    )


async def _parts(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The parts of the form by name, files as UploadFile and all else as text."""
    try:
        return await request.form()
    except HTTPException as error:
        if error.status_code == _TOO_LARGE:
            raise
        detail = error.detail
    except (ValueError, LookupError) as error:  # a part that is not in the charset it claims, or in an unknown one
        detail = str(error)
    raise Problem("invalid", errors=[FieldError("", f"is not a well-formed {MULTIPART} body: {detail}")])


def _sorted_out(parts: Iterable[tuple[str, Any]]) -> tuple[UploadFile | None, dict[str, str], list[FieldError]]:
    file: UploadFile | None = None
    texts: dict[str, str] = {}
    errors: list[FieldError] = []
    seen: set[str] = set()
    for name, value in parts:
        pointer = f"/{name[:120].replace('~', '~0').replace('/', '~1')}"
        is_file = isinstance(value, UploadFile)
        if name in seen:
            errors.append(FieldError(pointer, "is given twice"))
        elif is_file != (name == _FILE):
            errors.append(FieldError(pointer, "must not be a file" if is_file else "must be a file, with a filename"))
        elif is_file:
            file = value
        elif value:  # a form's empty field is one that was left blank
            texts[name] = value
        seen.add(name)
    if _FILE not in seen:
        errors.insert(0, FieldError(f"/{_FILE}", "is required"))
    return file, texts, errors


def _mappings(text: str | None) -> tuple[dict[str, UUID], list[FieldError]]:
    if not text:
        return {}, []
    try:
        found = msgspec.json.decode(text, type=dict[str, UUID])
    except (msgspec.DecodeError, RecursionError) as error:
        return {}, [FieldError("/mappings", f"must be a JSON object of names and exercise ids: {error}")]
    if len(found) > MAX_MAPPINGS:
        return {}, [FieldError("/mappings", f"may hold at most {MAX_MAPPINGS} names")]
    too_long = any(not 1 <= len(name) <= MAX_MAPPED_NAME_CHARACTERS or "\x00" in name for name in found)
    if too_long:
        return {}, [FieldError("/mappings", f"a name has 1 to {MAX_MAPPED_NAME_CHARACTERS} characters, none of them NUL")]
    return found, []
