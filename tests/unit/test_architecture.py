"""What the import contracts in pyproject.toml cannot say: the tree is read as it is, so nothing here needs upkeep."""

import ast
import itertools
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

FUNCTION_LINES = 40
MODULE_LINES = 300
TEST_MODULE_LINES = 500

# Each library stands behind one module of ours, which gives it our types and our exceptions.
BEHIND = {
    "celery": ("workers/app.py", "workers/tasks.py"),
    "docx": ("register/letters/documents.py",),
    "holidays": ("register/calendars.py",),
    "icalendar": ("register/calendar_feed.py",),
    "imapclient": ("ingest/imap.py",),
    "mailparser": ("ingest/parse.py",),
    "openpyxl": ("register/exchange/spreadsheets.py",),
    "sklearn": ("classifier/training/fitting.py",),
    "smtplib": ("workers/smtp.py",),
    "sqlalchemy": ("core/db.py", "*/store.py", "*/*_store.py", "migrations/*"),
    "typst": ("register/letters/documents.py",),
    "yaml": ("register/exchange/exporting.py", "demo/*", "policies/*"),
}

CLOCKS = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.localtime"),
    *("time.gmtime", "time.strftime"),
}


def _python_files() -> tuple[Path, ...]:
    """Every module and script of the checkout, relative to its root; nothing generated, installed or hidden."""
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
    unwanted = {"build", "dist", "node_modules"}
    return tuple(sorted(file for file in files if not any(part[0] == "." or part in unwanted for part in file.parts)))


FILES = _python_files()
TREES = {file: ast.parse((ROOT / file).read_text("utf-8")) for file in FILES}
PACKAGES = tuple(sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"))
SHIPPED = tuple(file for file in FILES if file.parts[0] in PACKAGES)
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS: list[dict[str, Any]] = PROJECT["tool"]["importlinter"]["contracts"]


def _each(files: tuple[Path, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=str)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_shipped_in_the_wheel(package: str) -> None:
    assert package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_its_place_in_the_layers(package: str) -> None:
    (layers,) = (contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")

    assert package in {room.strip() for layer in layers for room in layer.split("|")}
    assert package in PROJECT["tool"]["importlinter"]["root_packages"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_type_checked(package: str) -> None:
    assert package in PROJECT["tool"]["mypy"]["files"]


@_each(SHIPPED)
def test_every_module_opens_with_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(TREES[file])


# A migration is one long list of what a schema was; it is written once and never changed.
@_each(tuple(file for file in FILES if file.parts[:2] != ("migrations", "versions")))
def test_every_function_fits_on_a_screen(file: Path) -> None:
    assert not list(_long_functions(TREES[file]))


def _long_functions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{node.name}: {lines} lines"


@_each(tuple(file for file in FILES if file.parts[:2] != ("migrations", "versions")))
def test_every_module_is_small(file: Path) -> None:
    lines = len((ROOT / file).read_text("utf-8").splitlines())

    assert lines <= (TEST_MODULE_LINES if file.parts[0] == "tests" else MODULE_LINES)


@_each(SHIPPED)
def test_every_library_stands_behind_its_one_module(file: Path) -> None:
    assert not [library for library in _libraries(TREES[file]) if not _may_import(file, library)]


def _may_import(file: Path, library: str) -> bool:
    return any(fnmatch(file.as_posix(), allowed) for allowed in BEHIND.get(library, ("*",)))


def _libraries(tree: ast.AST) -> set[str]:
    return {origin.split(".")[0] for origin in _origins(tree).values()}


def test_every_module_of_routing_is_pure_or_a_store() -> None:
    pure = {module for contract in CONTRACTS if _forbids_io(contract) for module in contract["source_modules"]}
    of_routing = (file for file in SHIPPED if file.parts[0] == "routing" and not file.stem.endswith("store"))
    rules = {".".join(file.with_suffix("").parts[1:]) for file in of_routing if file.stem != "__init__"}

    unnamed = sorted(rules - {module.removeprefix("routing.") for module in pure})

    assert not unnamed, f"name these of routing in the contract of what is pure, in pyproject.toml: {unnamed}"


def _forbids_io(contract: dict[str, Any]) -> bool:
    return contract["type"] == "forbidden" and {"socket", "sqlalchemy"} <= set(contract["forbidden_modules"])


@_each(tuple(file for file in SHIPPED if file != Path("core/clock.py")))
def test_only_the_clock_reads_the_time(file: Path) -> None:
    assert not list(_clock_readings(TREES[file]))


def _clock_readings(tree: ast.AST) -> Iterator[str]:
    origins = _origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name, *attributes = ast.unparse(node).split(".")
            meant = ".".join((origins.get(name, ""), *attributes))
            if meant in CLOCKS:
                yield f"line {node.lineno}: {meant}"


def _origins(tree: ast.AST) -> dict[str, str]:
    """Each imported name of a module, and the dotted path it stands for."""
    origins: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            origins |= {_bound(alias): alias.name if alias.asname else _bound(alias) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origins |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return origins


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from datetime import datetime\nx = datetime.now()", id="the class"),
        pytest.param("import datetime as dt\nx = dt.datetime.now(dt.UTC)", id="the module by another name"),
        pytest.param("from datetime import date as day\nf(day.today)", id="handed on uncalled"),
        pytest.param("import time\nx = time.monotonic()", id="the time module"),
        pytest.param("from time import time\nx = time()", id="the bare function"),
    ],
)
def test_a_module_that_reads_the_time_is_found(code: str) -> None:
    assert list(_clock_readings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from core import clock\nx = clock.now()", id="our clock"),
        pytest.param("import time\ntime.sleep(1)", id="sleeping"),
        pytest.param("from datetime import datetime\nx = datetime.fromisoformat('2026-01-01')", id="reading a date"),
        pytest.param("now = f()\nnow.today", id="a name that only looks like it"),
    ],
)
def test_a_module_that_does_not_read_the_time_is_left_alone(code: str) -> None:
    assert not list(_clock_readings(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["import sqlalchemy.orm", "from sqlalchemy import Engine", "def f():\n    import sqlalchemy as sa"]
)
def test_a_library_outside_its_module_is_found(code: str) -> None:
    assert _libraries(ast.parse(code)) == {"sqlalchemy"}
    assert not _may_import(Path("routing/decide.py"), "sqlalchemy")
    assert _may_import(Path("routing/store.py"), "sqlalchemy")


def test_a_function_longer_than_a_screen_is_found() -> None:
    body = "\n".join(itertools.repeat("    pass", FUNCTION_LINES))

    assert list(_long_functions(ast.parse(f"def f():\n{body}"))) == [f"f: {FUNCTION_LINES + 1} lines"]
