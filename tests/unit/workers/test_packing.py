"""The container of packs: any change made to one afterwards shows, without the database it came from."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive import an_archive, letter_of_anns, unpacked
from workers.packs import packing
from workers.packs.bundles import PackKind, Wanted
from workers.packs.packing import NotAPackError


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Path]:
    """A pack as it was made: a case with one message."""
    with an_archive(tmp_path) as archive:
        ref = archive.opens()
        archive.receives(letter_of_anns(1))
        archive.packs(Wanted(kind=PackKind.CASE, ref=ref), tmp_path / "pack.zip")
        yield tmp_path / "pack.zip"


def repacked(path: Path, change: dict[str, bytes | None]) -> Path:
    """The pack with some files changed, added or (None) left out."""
    files = {**unpacked(path), **change}
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as target:
        for name, content in files.items():
            if content is not None:
                target.writestr(name, content)
    return other


@pytest.mark.requirement("1.78")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"chronology.csv": b"nothing"}, "chronology.csv: has fewer bytes", id="shortened"),
        pytest.param({"messages/M1.eml": b"x" * 99_999}, "messages/M1.eml: has more bytes", id="lengthened"),
        pytest.param({"messages/M1.eml": None}, "messages/M1.eml: is missing", id="taken out"),
        pytest.param({"messages/M9.eml": b"x"}, "messages/M9.eml: is not in the manifest", id="put in"),
        pytest.param(
            {"messages/M1.eml": letter_of_anns(1).replace(b"gate", b"fate")},
            "messages/M1.eml: its content is not what was packed",
            id="altered",
        ),
    ],
)
def test_whatever_was_changed_in_a_pack_is_told(pack: Path, change: dict[str, bytes | None], words: str) -> None:
    verified = packing.verify(repacked(pack, change))

    assert [difference for difference in verified.differences if words in difference]
    assert len(verified.differences) == 1


def test_a_damaged_file_is_told(pack: Path) -> None:
    content = bytearray(pack.read_bytes())
    with zipfile.ZipFile(pack) as archive:
        start = archive.getinfo("messages/M1.eml").header_offset
    content[start + 80] ^= 0xFF
    pack.write_bytes(content)

    assert any("messages/M1.eml" in difference for difference in packing.verify(pack).differences)


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(None, id="none"),
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"format": "another"}', id="another's"),
        pytest.param(b'{"format": "council-mailroom-pack-1"}', id="without files"),
        pytest.param(b'{"format": "council-mailroom-pack-1", "files": [{"name": 1}]}', id="with strange files"),
    ],
)
def test_what_is_no_pack_is_told_so(pack: Path, manifest: bytes | None) -> None:
    with pytest.raises(NotAPackError, match=r"is no pack: its manifest\.json|is no pack: it has no manifest"):
        packing.verify(repacked(pack, {"manifest.json": manifest}))


def test_a_file_that_is_no_zip_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(b"PK\x03\x04 but no more")

    with pytest.raises(NotAPackError):
        packing.verify(tmp_path / "pack.zip")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({6: 0xFF}, id="of a version to come"),
        pytest.param({9: 0x08, 46: 0xFF}, id="with a name that is no text"),
    ],
)
def test_a_directory_that_cannot_be_read_is_no_pack(pack: Path, damage: dict[int, int]) -> None:
    content = bytearray(pack.read_bytes())
    start = content.index(b"PK\x01\x02")
    for place, byte in damage.items():
        content[start + place] = byte
    pack.write_bytes(content)

    with pytest.raises(NotAPackError):
        packing.verify(pack)
