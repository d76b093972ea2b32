"""Finds a policy: one of those that are shipped, by its name, or a council's own, by where its file lies."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from policies.reading import PolicyHistory, read_policy

FILE = "policy.yaml"


class UnknownPolicyError(Exception):
    """No policy has this name, several begin with it, or no file lies there."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"no policy {name!r}: {reason}. Name one that is shipped ({', '.join(shipped())}), "
            f"or give the path of a {FILE} or of the folder that holds it"
        )


def shipped() -> tuple[str, ...]:
    """The names of the policies that come with the product, in their order."""
    return tuple(sorted(path.parent.name for path in _shelf().glob(f"*/{FILE}")))


def find(name: str | Path) -> PolicyHistory:
    """The policy of this name, of the only name that begins so ("001"), or at this path.

    Raises UnknownPolicyError, and PolicyRefusedError for a file with mistakes.
    """
    path = place(name)
    about = path.stat()
    return _read(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, _modified: int, _size: int) -> PolicyHistory:
    """A file is read once, and again after it was changed: reading takes a tenth of a second."""
    return read_policy(path)


def place(name: str | Path) -> Path:
    """Where the file of this policy lies; see `find`. Raises UnknownPolicyError."""
    wanted = str(name)
    beginning = [known for known in shipped() if wanted and known.startswith(wanted)]
    if wanted in beginning:
        return _shelf() / wanted / FILE
    if wanted and (own := _own(Path(name))) is not None:
        return own
    match beginning:
        case [only]:
            return _shelf() / only / FILE
        case []:
            raise UnknownPolicyError(wanted, "nothing of that name is shipped, and no such file exists")
        case _:
            raise UnknownPolicyError(wanted, f"{', '.join(beginning)} all begin so")


def _own(path: Path) -> Path | None:
    try:
        file = path / FILE if path.is_dir() else path
        return file if file.is_file() else None
    except OSError:  # a name too long for a path, or a folder that may not be entered
        return None


def _shelf() -> Path:
    return Path(str(files("policies")))
