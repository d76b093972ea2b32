"""Packs: zip files for somebody outside this system, each with a manifest that its files can be held against.

The same content makes the same bytes: names are in order, times are fixed. `manifest.json` and the page to begin with,
`index.html`, come last, for they tell of all the others. `verify` needs nothing but the file.
"""

import hashlib
import json
import lzma
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = "council-mailroom-pack-1"
MANIFEST = "manifest.json"
INDEX = "index.html"
PIECE = 1_048_576  # bytes read at a time

_MOST_MANIFEST = 50 * 1_048_576
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3  # what made the file, so that it is the same on every system
_OWNER_ONLY = 0o600
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError)
_DAMAGED = (*_NO_ZIP, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file on its way into a pack: what it is, and its bytes, read when their turn comes."""

    name: str
    what: str
    pieces: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A file as it lies in a pack; `size` in bytes."""

    name: str
    what: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a pack says of itself. `witness` is the newest point of the audit trail; `remarks` are for its reader."""

    kind: str
    case: str
    case_version: int
    council: str
    policies: tuple[str, ...]
    made_at: str
    made_by: str
    witness: str
    remarks: tuple[str, ...] = ()


class NotAPackError(Exception):
    """The file is none of our packs, or its manifest cannot be read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is no pack: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a pack says of itself, and each way in which its files differ from that."""

    cover: dict[str, Any]
    files: int
    sha256: str
    differences: tuple[str, ...]


def json_part(name: str, what: str, data: object) -> Part:
    """A file of JSON, for programs and for patient people."""
    text = json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"
    return bytes_part(name, what, text.encode("utf-8", "replace"))


def bytes_part(name: str, what: str, content: bytes) -> Part:
    """A file that is small enough to be at hand already."""
    return Part(name=name, what=what, pieces=lambda: (content,))


def write(path: Path, cover: Cover, parts: Sequence[Part], page: Callable[[Sequence[Packed]], bytes]) -> str:
    """Write a new pack that only its owner may read; returns its SHA-256. One large file at most is held in memory.

    Raises FileExistsError, and OSError where it cannot be written.
    """
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            packed = [_pack(archive, part) for part in sorted(parts, key=lambda part: part.name)]
            packed.append(_pack(archive, bytes_part(INDEX, "The page to begin with", page(packed))))
            manifest = {"format": FORMAT, **asdict(cover), "files": [asdict(item) for item in packed]}
            _pack(archive, json_part(MANIFEST, "What is in the pack", manifest))
        file.flush()
        os.fsync(file.fileno())
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(archive: zipfile.ZipFile, part: Part) -> Packed:
    entry = zipfile.ZipInfo(part.name, _EPOCH)
    entry.create_system, entry.external_attr = _UNIX, _OWNER_ONLY << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as target:
        for piece in part.pieces():
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return Packed(name=part.name, what=part.what, size=size, sha256=digest.hexdigest())


def verify(path: Path) -> Verified:
    """Hold every file of a pack against its manifest.

    The manifest itself is known by the SHA-256 of the whole file, which the audit trail has. Raises NotAPackError, and
    OSError where the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(path, archive)
            files = _listed(path, manifest.pop("files", None))
            differences = tuple(_differences(archive, files))
    except _NO_ZIP as error:
        raise NotAPackError(path, str(error)) from None
    return Verified(cover=manifest, files=len(files), sha256=sha256_of(path), differences=differences)


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with archive.open(MANIFEST) as file:
            manifest = json.loads(file.read(_MOST_MANIFEST))
    except KeyError:
        raise NotAPackError(path, f"it has no {MANIFEST}") from None
    except (*_DAMAGED, ValueError) as error:
        raise NotAPackError(path, f"its {MANIFEST} cannot be read ({error})") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NotAPackError(path, f"its {MANIFEST} does not say {FORMAT}")
    return manifest


def _listed(path: Path, files: object) -> dict[str, tuple[int, str]]:
    listed: dict[str, tuple[int, str]] = {}
    for file in files if isinstance(files, list) else [None]:
        match file:
            case {"name": str(name), "size": int(size), "sha256": str(sha256)} if name not in listed:
                listed[name] = (size, sha256)
            case _:
                raise NotAPackError(path, f"its {MANIFEST} does not list its files")
    return listed


def _differences(archive: zipfile.ZipFile, files: dict[str, tuple[int, str]]) -> Iterator[str]:
    names = Counter(archive.namelist())
    for name, count in names.items():
        if count > 1:
            yield f"{name}: lies in it {count} times"
        if name != MANIFEST and name not in files:
            yield f"{name}: is not in the manifest"
    for name, (size, sha256) in files.items():
        if name not in names:
            yield f"{name}: is missing"
        elif (wrong := _wrong(archive, name, size, sha256)) is not None:
            yield f"{name}: {wrong}"


def _wrong(archive: zipfile.ZipFile, name: str, size: int, sha256: str) -> str | None:
    digest, read = hashlib.sha256(), 0
    try:
        with archive.open(name) as file:
            while read <= size and (piece := file.read(PIECE)):
                digest.update(piece)
                read += len(piece)
    except _DAMAGED as error:
        return f"cannot be read ({error})"
    if read != size:
        return f"has {'more' if read > size else 'fewer'} bytes than the {size} of the manifest"
    return None if digest.hexdigest() == sha256 else "its content is not what was packed"
