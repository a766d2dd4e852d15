"""Taking a file in: a private copy of it, what we understand of it, and what a person says of it."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.services import record_event
from apps.imports.errors import ImportRefused
from apps.imports.models import ColumnMapping, Import
from apps.imports.registry import kind_of
from apps.imports.tables import TableFormat, detect_table

BLOCK_BYTES = 1024 * 1024
GENERIC = "generic"
_EDITABLE = [Import.State.UPLOADED, Import.State.STAGED]


def upload_file(*, user, kind: str, name: str, blocks: Iterable[bytes], params: dict, dialect: str = "auto") -> Import:
    """Store a file under a random name that only this account can read, and understand it.

    Raises ImportRefused; then nothing is kept.
    """
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / secrets.token_hex(16)
    try:
        size, digest = _store(path, blocks)
        upload = Import(
            kind=kind,
            original_name=Path(name).name[:255] or "?",
            path=str(path.relative_to(settings.MEDIA_ROOT)),
            size=size,
            sha256=digest,
            uploaded_by=user,
            params={"ui_language": get_language() or settings.LANGUAGE_CODE, **params},
        )
        understand(upload, dialect=dialect)
        upload.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    record_event(user=user, verb="upload", kind="import", subject_id=upload.pk, size=size, sha256=digest)
    return upload


def _store(path: Path, blocks: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for block in blocks:
            size += len(block)
            refuse_size(size)
            digest.update(block)
            file.write(block)
    return size, digest.hexdigest()


def refuse_size(size: int) -> None:
    """Raise ImportRefused for a file larger than SHOPAI_MAX_UPLOAD_BYTES."""
    if size >= settings.SHOPAI_MAX_UPLOAD_BYTES:
        raise ImportRefused("too_large", too_large())


def too_large() -> str:
    message = _("The file is too large: the limit is %(limit)s MB. Split it into parts with the same header.")
    return message % {"limit": f"{settings.SHOPAI_MAX_UPLOAD_BYTES / 1024**2:,.0f}"}


def file_blocks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def stored_path(upload: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / upload.path


def understand(
    upload: Import, *, dialect: str = "auto", encoding: str = "", delimiter: str = "", has_header: bool | None = None
) -> None:
    """Fill in what the file is (not saved). What is given is taken as given; the rest is found out."""
    kind = kind_of(upload.kind)
    table = detect_table(
        stored_path(upload),
        encoding=encoding,
        delimiter=delimiter,
        has_header=has_header,
        knows_header=lambda header: bool(kind.recognise(header)),
    )
    found = kind.recognise(table.header) if table.has_header else ""
    if dialect == "auto":
        dialect = found or GENERIC
    elif dialect != GENERIC and dialect != found:
        message = _("The header of this file is not that of the dialect %(dialect)s.")
        raise ImportRefused("dialect", message % {"dialect": dialect})
    upload.dialect, upload.encoding, upload.delimiter = dialect, table.encoding, table.delimiter
    upload.header = table.header
    upload.params |= {"has_header": table.has_header, "newline": table.newline}
    upload.mapping = remembered_mapping(upload) or kind.propose(dialect, table.header)


def table_of(upload: Import) -> TableFormat:
    return TableFormat(
        encoding=upload.encoding,
        delimiter=upload.delimiter,
        newline=upload.params.get("newline", "\n"),
        has_header=upload.params.get("has_header", True),
        header=upload.header,
    )


def change_understanding(
    *, user, upload: Import, dialect: str, encoding: str, delimiter: str, has_header: bool | None
) -> Import:
    """Read the file again as the person says. Raises ImportRefused and leaves the upload as it was."""
    understand(upload, dialect=dialect, encoding=encoding, delimiter=delimiter, has_header=has_header)
    _save_while_editable(upload, ["dialect", "encoding", "delimiter", "header", "params", "mapping"])
    return upload


def confirm_mapping(*, user, upload: Import, mapping: dict, params: dict, is_remembered: bool = True) -> Import:
    """Take the mapping and the parameters that a person confirmed, and remember the mapping for this header."""
    upload.mapping = mapping
    upload.params |= params
    kind_of(upload.kind).check(upload)
    _save_while_editable(upload, ["mapping", "params"])
    if upload.dialect == GENERIC and is_remembered:
        ColumnMapping.objects.update_or_create(
            kind=upload.kind, fingerprint=header_fingerprint(upload.header), defaults={"mapping": mapping}
        )
    return upload


def _save_while_editable(upload: Import, fields: list[str]) -> None:
    """Save, and back to `uploaded`: rows staged under another understanding must never be imported under this one."""
    values = {name: getattr(upload, name) for name in fields}
    upload.state = Import.State.UPLOADED
    if not Import.objects.filter(pk=upload.pk, state__in=_EDITABLE).update(state=upload.state, **values):
        raise ImportRefused("state", _("This upload is already being imported. Reload the page to see how far it is."))


def remembered_mapping(upload: Import) -> dict:
    if upload.dialect != GENERIC:
        return {}
    known = ColumnMapping.objects.filter(kind=upload.kind, fingerprint=header_fingerprint(upload.header)).first()
    return known.mapping if known else {}


def header_fingerprint(header: list[str]) -> str:
    """The same for headers that differ only in case and outer blanks."""
    return hashlib.sha256("\x1f".join(cell.strip().casefold() for cell in header).encode()).hexdigest()
