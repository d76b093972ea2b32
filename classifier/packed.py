"""The weights file: named arrays and one JSON document in a zip, equal bytes for equal content, read without pickle."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

FORMAT_VERSION: Final = 1

_ABOUT: Final = "about.json"
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)


class WeightsError(Exception):
    """A weights file that is missing, damaged, or of a format this version does not read."""

    def __init__(self, name: Path | str, why: str) -> None:
        """Say what is wrong with the file of this name and how to get a good one."""
        super().__init__(f"{name}: {why}: reinstall the package, or train new weights")


def pack(file: Path | BinaryIO, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write `arrays` and `about`; the same content gives the same bytes whenever and wherever it is written."""
    stated = {"format": FORMAT_VERSION, **about}
    document = json.dumps(stated, indent=1, sort_keys=True, ensure_ascii=False).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(zipfile.ZipInfo(_ABOUT, _FIXED_TIME), document)
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _npy(arrays[name]))


def unpack(file: Path | BinaryIO, name: str = "") -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return what `pack` wrote; an error calls it by its `name`, or its path. Raises WeightsError."""
    called = name or str(file)
    try:
        with zipfile.ZipFile(file) as archive:
            about: dict[str, Any] = json.loads(archive.read(_ABOUT))
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            arrays = {name.removesuffix(".npy"): _array(archive.read(name)) for name in names}
    except (OSError, KeyError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise WeightsError(called, str(error)) from error
    if about.get("format") != FORMAT_VERSION:
        raise WeightsError(called, f"format {about.get('format')!r}, this version reads {FORMAT_VERSION}")
    strange = sorted(one for one, array in arrays.items() if array.dtype.kind == "f" and not np.isfinite(array).all())
    if strange:
        raise WeightsError(called, f"{', '.join(strange)} holds what is no number")
    return arrays, about


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def _array(content: bytes) -> NDArray[Any]:
    loaded: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return loaded
