"""A weights file is the same bytes for the same content, and a damaged one is refused with a way out."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from classifier.model import SHIPPED, Model
from classifier.packed import WeightsError, pack, unpack


def test_gives_back_what_was_packed(tmp_path: Path) -> None:
    path = tmp_path / "weights.zip"

    pack(path, {"a": np.arange(4, dtype=np.float16)}, {"seed": 3})
    arrays, about = unpack(path)

    assert arrays["a"].tolist() == [0, 1, 2, 3]
    assert about["seed"] == 3


def test_packs_equal_content_into_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pack(tmp_path / name, {"b": np.ones(3), "a": np.zeros(2)}, {"x": 1, "y": 2})

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="reinstall"):
        Model.load(tmp_path / "none.zip")


def test_refuses_a_file_that_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "weights.zip"
    path.write_bytes(SHIPPED.read_bytes()[:5_000])

    with pytest.raises(WeightsError):
        Model.load(path)


def test_refuses_pickled_arrays(tmp_path: Path) -> None:
    path = tmp_path / "weights.zip"
    np.save(tmp_path / "evil.npy", np.array([{}], dtype=object), allow_pickle=True)
    pack(path, {}, {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(tmp_path / "evil.npy", "abuse.npy")

    with pytest.raises(WeightsError, match="allow_pickle"):
        Model.load(path)


def test_refuses_a_format_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "weights.zip"
    pack(path, {}, {"format": 99})

    with pytest.raises(WeightsError, match="format 99"):
        Model.load(path)


@pytest.mark.parametrize("missing", ["posts", "heads", "head_columns", "languages"])
def test_refuses_weights_with_a_part_missing(tmp_path: Path, missing: str) -> None:
    arrays, about = unpack(SHIPPED)
    pack(tmp_path / "w.zip", {name: each for name, each in arrays.items() if name != missing}, about)

    with pytest.raises(WeightsError, match=missing):
        Model.load(tmp_path / "w.zip")


@pytest.mark.parametrize("cut", ["posts", "heads", "languages"])
def test_refuses_weights_of_another_shape(tmp_path: Path, cut: str) -> None:
    arrays, about = unpack(SHIPPED)
    pack(tmp_path / "w.zip", {**arrays, cut: arrays[cut][:-1]}, about)

    with pytest.raises(WeightsError, match="do not fit"):
        Model.load(tmp_path / "w.zip")


def test_reads_weights_that_are_in_no_file() -> None:
    model = Model.of(SHIPPED.read_bytes(), "the database")

    assert model.version == Model.load(SHIPPED).version
    with pytest.raises(WeightsError, match="the database: "):
        Model.of(b"nothing of the kind", "the database")
