"""Whatever a file holds, it is a policy or it is refused with lines; nothing else ever comes out."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.reading import PolicyRefusedError, read_policy
from tests.unit.policies.conftest import LEAST

VALID = LEAST.read_text("utf-8")
# What means something to YAML or to the reader, beside any text at all.
PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *("{", "}", "[", "]", ": ", "- ", "\n", "\n  ", "'", '"', "&a ", "*a", "!!int ", "? ", "| ", "--- ", "#"),
            *("from: 2024-06-01", "value: ~", "{from: 2024-06-01, value: 3}", "2026-02-30", "true", ".nan", "0x", "~"),
        ]
    ),
)


def accepted_or_refused(content: bytes) -> None:
    breaks = (b"\n", b"\r", "\x85".encode(), "\u2028".encode(), "\u2029".encode())
    lines = 1 + sum(content.count(mark) for mark in breaks)

    refused = refusal(content)

    if refused is not None:
        assert refused.mistakes
        assert all(1 <= mistake.line <= lines + 1 and mistake.words for mistake in refused.mistakes)
        assert str(refused).encode()  # it can be shown


def refusal(content: bytes) -> PolicyRefusedError | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_bytes(content)
        try:
            read_policy(path)
        except PolicyRefusedError as refused:
            return refused
    return None


def test_the_policy_that_is_edited_is_accepted_as_it_is() -> None:
    assert refusal(VALID.encode()) is None


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass"))))
@settings(deadline=None)
def test_any_content_is_accepted_or_refused(content: bytes) -> None:
    accepted_or_refused(content)


@given(st.integers(0, len(VALID)), st.integers(0, 30), PIECES)
@settings(deadline=None, max_examples=150)
def test_any_small_edit_is_accepted_or_refused(start: int, length: int, piece: str) -> None:
    edited = VALID[:start] + piece + VALID[start + length :]

    accepted_or_refused(edited.encode(errors="surrogatepass"))


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_any_line_left_out_or_put_elsewhere_is_accepted_or_refused(data: st.DataObject) -> None:
    lines = VALID.splitlines()
    moved = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    if data.draw(st.booleans()):
        lines.insert(data.draw(st.integers(0, len(lines))), moved)

    accepted_or_refused("\n".join(lines).encode())
