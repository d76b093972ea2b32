"""Packs: each holds what its reader needs and no more, to the byte, and shows any change made afterwards."""

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import content_store
from ingest import store as ledger
from policies.vocabulary import Channel, Language, LetterKind
from register import audit_store, case_store, document_store, recording
from register.audit import AuditAction, Witness, verify
from register.casework.case import CaseEvent
from register.casework.facts import Action, ActionKind, Matter
from register.casework.refusal import RefusedError
from register.casework.steps import AppealReceived, LetterIssued, Review, ReviewOutcome
from tests.archive import (
    ADDRESS,
    BEGINNING,
    Archive,
    a_need,
    an_archive,
    an_incident,
    filing,
    letter_of_anns,
    unpacked,
)
from tests.office import mail
from workers import mailing_store
from workers.mailing_store import Mailing
from workers.packs import packing
from workers.packs.bundles import PackKind, Wanted, make
from workers.packs.pack_page import table

EVERY_KIND = pytest.mark.parametrize("kind", PackKind)
PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A council under policy 001."""
    with an_archive(tmp_path) as archive:
        yield archive


@pytest.fixture
def ref(archive: Archive) -> str:
    """Ann's case: a threat in her first letter, a call, a need, a closed matter, a police report, an appeal."""
    matter, _ = filing()
    ref = archive.opens(a_need(), matter)
    archive.receives(letter_of_anns(1), letter_of_anns(2))
    archive.records(
        ref,
        an_incident(
            channel=Channel.EMAIL, categories=("threats",), account="She will come.", message="M1", threat=True
        ),
        an_incident(account="Swore at Sam Porter."),
        Action(action=ActionKind.POLICE_REPORT, on=BEGINNING.date(), words="Reported.", reference="CR/77/26"),
        Action(action=ActionKind.ADJUSTMENT_OFFERED, on=BEGINNING.date(), words="Offered a quiet room."),
        AppealReceived(on=BEGINNING.date(), account="Unfair.", channel=Channel.EMAIL, assigned_to="dee"),
    )
    issued_letter(archive, ref)
    return ref


def issued_letter(archive: Archive, ref: str) -> None:
    """A letter that went out, to the byte; how it is composed is told elsewhere."""
    letter = LetterIssued(
        letter=LetterKind.WARNING,
        on=BEGINNING.date(),
        channel=Channel.LETTER,
        languages=(Language.ENGLISH,),
        parts={},
        sha256=hashlib.sha256(PDF).hexdigest(),
    )
    with archive.database.transaction() as session:
        case = recording.read(session, archive.desk("dee", archive.closing), ref, purpose="letter").case
        number = case.version + 1
        event = CaseEvent(
            number=number,
            at=archive.closing,
            by=archive.officer("hope").signature(),
            policy=case.events[-1].policy,
            record=letter,
        )
        case_store.append(session, ref, [event])
        row = document_store.DocumentRow(
            case_ref=ref, number=number, sha256=letter.sha256, compressed=document_store.compressed(PDF)
        )
        document_store.keep(session, row)


def packed(archive: Archive, wanted: Wanted, *, by: str = "dee") -> dict[str, bytes]:
    """The files of a new pack."""
    path = Path(str(archive.database.engine.url.database)).with_name("pack.zip")
    archive.packs(wanted, path, by=by)
    return unpacked(path)


def read(files: dict[str, bytes], name: str) -> Any:  # noqa: ANN401 - JSON is any shape
    return json.loads(files[name])


def said(files: dict[str, bytes]) -> str:
    """Every word of every file."""
    return "\n".join(content.decode("utf-8", "replace") for content in files.values())


@EVERY_KIND
def test_every_file_is_in_the_manifest_with_its_hash_and_the_pack_verifies(
    archive: Archive, ref: str, tmp_path: Path, kind: PackKind
) -> None:
    made = archive.packs(Wanted(kind=kind, ref=ref), tmp_path / "pack.zip")

    verified = packing.verify(tmp_path / "pack.zip")

    files = unpacked(tmp_path / "pack.zip")
    listed = {file["name"]: file for file in read(files, "manifest.json")["files"]}
    assert listed.keys() == files.keys() - {"manifest.json"}
    assert all(hashlib.sha256(files[name]).hexdigest() == file["sha256"] for name, file in listed.items())
    assert all(file["what"] for file in listed.values())
    assert (verified.differences, verified.files, verified.sha256) == ((), made.files, made.sha256)


@EVERY_KIND
def test_a_pack_says_what_it_is_and_who_made_it_and_is_noted_with_its_hash(
    archive: Archive, ref: str, kind: PackKind
) -> None:
    manifest = read(packed(archive, Wanted(kind=kind, ref=ref)), "manifest.json")

    with archive.database.transaction() as session:
        events = audit_store.events(session)
    witness, noted = Witness.parse(manifest["witness"]), events[-1]
    assert (manifest["kind"], manifest["case"], manifest["case_version"]) == (kind, ref, 12)
    assert manifest["policies"] == ["001-two-stage@2024-01-01"]
    assert (manifest["made_by"], manifest["made_at"]) == ("Dee, Officer", "2026-03-10T09:00:00+00:00")
    assert verify(events, expected=witness).findings == ()
    assert noted.action == (AuditAction.EXPORTED if kind is PackKind.SUBJECT_ACCESS else AuditAction.PACK)
    assert (noted.actor, noted.subject) == ("dee", ref)
    assert dict(noted.details).keys() == {"kind", "version", "sha256"}


def test_the_same_state_makes_the_same_bytes(archive: Archive, ref: str, tmp_path: Path) -> None:
    wanted = Wanted(kind=PackKind.OMBUDSMAN, ref=ref)

    with archive.database.transaction() as session:
        desk, council = archive.desk("dee", archive.closing), archive.runtime().settings
        for name in ("first.zip", "second.zip"):
            with session.begin_nested() as nothing_noted:
                make(session, desk, council, wanted, tmp_path / name)
                nothing_noted.rollback()

    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    names = zipfile.ZipFile(tmp_path / "first.zip").namelist()
    assert names[:-2] == sorted(names[:-2])
    assert names[-2:] == ["index.html", "manifest.json"]


@pytest.mark.requirement("2.14")
def test_subject_access_has_everything_held_and_who_read_it(archive: Archive, ref: str) -> None:
    letter = Mailing(key="k" * 40, case_ref=ref, number=12, recipient=ADDRESS, rendered=b"Dear Ann Vexing")
    with archive.database.transaction() as session:
        mailing_store.owe(session, letter, now=archive.closing)
        recording.read(session, archive.desk("pat", archive.closing), ref, purpose="curiosity")

    files = packed(archive, Wanted(kind=PackKind.SUBJECT_ACCESS, ref=ref), by="ada")

    case, trail = read(files, "case.json"), read(files, "audit.json")["events"]
    assert case["needs"][0]["need"] == "Hears voices"
    assert {event["kind"] for event in case["timeline"]} >= {"person", "identifier", "need", "incident", "adoption"}
    assert [files[f"messages/M{n}.eml"] for n in (1, 2)] == [letter_of_anns(1), letter_of_anns(2)]
    assert "Sent to" in str(read(files, "messages/M1.story.json")["events"])
    assert files["messages/M1.sent-1.eml"] == archive.world.letters[0][1]
    assert files["letters/0012-warning.pdf"] == PDF
    assert [one["to"] for one in read(files, "letters/letters.json")] == [ADDRESS]
    assert ("pat", "read") in {(event["actor"], event["action"]) for event in trail}
    assert any("Data Protection Act" in remark for remark in read(files, "manifest.json")["remarks"])


@pytest.mark.requirement("3.40")
def test_the_ombudsman_sees_the_policy_the_decisions_and_everything_they_rested_on(archive: Archive, ref: str) -> None:
    review = Review(
        on=archive.closing.date(),
        considerations="Still forty letters.",
        subject_matter="The gate.",
        outcome=ReviewOutcome.REMOVE,
    )
    archive.records(ref, review)

    files = packed(archive, Wanted(kind=PackKind.OMBUDSMAN, ref=ref))

    policy = read(files, "policy/001-two-stage@2024-01-01.json")
    assert policy["retention"]["period"]["value"] == "12 months"
    assert "no later than every 6 months" in files["policy/001-two-stage@2024-01-01.html"].decode()
    assert [event["kind"] for event in read(files, "decisions.json")] == ["adoption"]
    assert read(files, "decisions.json")[0]["decided_by"] == "A. Director"
    assert [event["kind"] for event in read(files, "contacts.json")] == ["incident", "incident"]
    assert [event["kind"] for event in read(files, "reviews-and-appeals.json")] == ["appeal", "review"]
    assert [matter["final_position"] for matter in read(files, "matters.json")] == ["The gate is mended."]
    assert read(files, "letters/letters.json")[0]["document"] == "letters/0012-warning.pdf"
    assert {event["action"] for event in read(files, "audit.json")["events"]} >= {"opened", "recorded"}


@pytest.mark.requirement("2.29")
def test_whoever_decides_gets_the_notes_and_every_contact_in_one_file(archive: Archive, ref: str) -> None:
    files = packed(archive, Wanted(kind=PackKind.CASE, ref=ref), by="hope")

    linked = {"case.json", "contacts.json", "steps.json", "matters.json", "chronology.csv", "chronology.json"}
    assert linked <= files.keys()
    assert {"messages/M1.eml", "messages/M2.eml", "letters/0012-warning.pdf", "reviews.json"} <= files.keys()
    chronology = read(files, "chronology.json")
    assert [item["when"] for item in chronology] == sorted(item["when"] for item in chronology)
    assert {item["where recorded"] for item in chronology} >= {"M1", "M2", "record 4", "record 12"}


@pytest.mark.requirement("1.33")
@pytest.mark.parametrize("kind", sorted(set(PackKind) - {PackKind.POLICE}))
def test_the_figures_are_in_the_pack_and_what_the_council_owes_beside_them(
    archive: Archive, ref: str, kind: PackKind
) -> None:
    archive.records(ref, Matter(reference="C-1", title="The gate", on=BEGINNING.date(), answer_by=BEGINNING.date()))

    figures = read(packed(archive, Wanted(kind=kind, ref=ref), by="ada"), "figures.json")

    assert figures["volume"]["mails"] == 2
    assert figures["council"]["overdue"][0][0] == "C-1"


@pytest.mark.requirement("1.2")
@pytest.mark.parametrize(("by", "seen"), [("hope", True), ("pat", False)])
def test_a_need_is_read_only_by_who_must_know_it(archive: Archive, ref: str, by: str, *, seen: bool) -> None:
    files = packed(archive, Wanted(kind=PackKind.CASE, ref=ref), by=by)

    assert ("Hears voices" in said(files)) is seen
    assert "One officer answers" in said(files)


@pytest.mark.requirement("1.78")
@pytest.mark.requirement("4.17")
def test_the_police_get_threats_as_received_with_hashes_and_what_was_reported(archive: Archive, ref: str) -> None:
    files = packed(archive, Wanted(kind=PackKind.POLICE, ref=ref))

    (threat,) = read(files, "incidents.json")
    (report,) = read(files, "reports.json")
    receipt = read(files, "messages/M1.receipt.json")
    assert threat["account"] == "She will come."
    assert (report["action"], report["reference"], report["on"]) == ("police-report", "CR/77/26", "2026-03-01")
    assert files["messages/M1.eml"] == letter_of_anns(1)
    assert receipt["sha256"] == hashlib.sha256(letter_of_anns(1)).hexdigest()
    assert letter_of_anns(1).startswith(files["messages/M1.headers.txt"])
    assert files["messages/M1.headers.txt"].endswith(b"\r\n\r\n")
    assert "messages/M2.eml" not in files
    assert "Sam Porter" not in said(files)


@pytest.mark.requirement("1.78")
@pytest.mark.parametrize("needs", [False, True])
def test_needs_and_adjustments_go_to_the_police_only_when_asked_for(archive: Archive, ref: str, *, needs: bool) -> None:
    files = packed(archive, Wanted(kind=PackKind.POLICE, ref=ref, needs=needs))

    for word in ("Hears voices", "One officer answers", "quiet room"):
        assert (word in said(files)) is needs


def test_other_incidents_are_chosen_by_their_number(archive: Archive, ref: str) -> None:
    files = packed(archive, Wanted(kind=PackKind.POLICE, ref=ref, incidents=(8,)))

    assert [item["account"] for item in read(files, "incidents.json")] == ["She will come.", "Swore at Sam Porter."]


@pytest.mark.parametrize(
    ("incidents", "words"), [((1,), "1 is the number of no incident"), ((99,), "99 is the number of no incident")]
)
def test_a_number_that_is_no_incident_is_refused(
    archive: Archive, ref: str, incidents: tuple[int, ...], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        packed(archive, Wanted(kind=PackKind.POLICE, ref=ref, incidents=incidents))


def test_without_a_threat_nothing_is_packed_for_the_police_by_itself(archive: Archive) -> None:
    ref = archive.opens(an_incident(at=BEGINNING))

    with pytest.raises(RefusedError, match="no threat is recorded: choose incidents"):
        packed(archive, Wanted(kind=PackKind.POLICE, ref=ref))


def test_the_police_pack_names_where_the_policy_reports_hate_crime(tmp_path: Path) -> None:
    with an_archive(tmp_path, "004") as archive:
        ref = archive.opens(an_incident(at=BEGINNING, categories=("abusive-calls",), threat=True))

        files = packed(archive, Wanted(kind=PackKind.POLICE, ref=ref))

    assert "https://york.gov.uk/HateCrime" in [place["link"] for place in read(files, "reporting.json")]


def test_a_message_that_only_an_incident_cites_is_in_the_pack(archive: Archive) -> None:
    ref = archive.opens()
    archive.receives(mail("who@else.example", 1), mail("who@else.example", 2))
    raw = mail("who@else.example", 1)
    with archive.database.transaction() as session:
        ledger.attach_content(session, 1, content_store.keep(session, raw, now=BEGINNING))
    archive.records(ref, *(an_incident(message=message, threat=True) for message in ("M1", "M2", "M77")))

    for kind in (PackKind.POLICE, PackKind.CASE):
        files = packed(archive, Wanted(kind=kind, ref=ref))
        remarks = " ".join(read(files, "manifest.json")["remarks"])
        assert files["messages/M1.eml"] == raw
        assert "M2: its bytes are not held here (only mail that was acted on or asked about is kept)" in remarks
        assert "M77 is cited, and the ledger has no such message" in remarks
        Path(str(archive.database.engine.url.database)).with_name("pack.zip").unlink()


def test_a_large_message_is_not_held_whole_beside_the_others(archive: Archive, tmp_path: Path) -> None:
    ref = archive.opens()
    archive.receives(*(letter_of_anns(number) + b"x" * 20_000_000 for number in range(1, 4)))

    tracemalloc.start()
    archive.packs(Wanted(kind=PackKind.POLICE, ref=with_threats(archive, ref)), tmp_path / "pack.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20_000_000  # bytes: less than one of the three
    assert packing.verify(tmp_path / "pack.zip").differences == ()


def with_threats(archive: Archive, ref: str) -> str:
    archive.records(ref, *(an_incident(message=f"M{number}", threat=True) for number in (1, 2, 3)))
    return ref


REFUSED = [
    pytest.param(PackKind.SUBJECT_ACCESS, "hope", id="the owner, the subject's access"),
    *(pytest.param(kind, "sam", id=f"another service, {kind}") for kind in PackKind),
]


@pytest.mark.parametrize(("kind", "by"), REFUSED)
def test_who_may_not_have_a_pack_made_is_told_the_clause_and_nothing_is_written(
    archive: Archive, ref: str, tmp_path: Path, kind: PackKind, by: str
) -> None:
    with pytest.raises(RefusedError, match="Director of Governance for a final decision"):
        archive.packs(Wanted(kind=kind, ref=ref), tmp_path / "pack.zip", by=by)

    assert not (tmp_path / "pack.zip").exists()


@pytest.mark.parametrize(
    ("kind", "by"),
    [*((kind, by) for kind in PackKind for by in ("dee", "ada")), (PackKind.CASE, "hope"), (PackKind.POLICE, "hope")],
)
def test_keepers_the_asset_owner_and_the_owning_service_may(
    archive: Archive, ref: str, tmp_path: Path, kind: PackKind, by: str
) -> None:
    assert archive.packs(Wanted(kind=kind, ref=ref), tmp_path / "pack.zip", by=by).files


def test_an_erased_case_cannot_be_packed(archive: Archive, tmp_path: Path) -> None:
    ref = archive.opens()
    archive.closes(ref)
    archive.erases(ref)

    with pytest.raises(recording.UnknownCaseError, match="it was erased on"):
        archive.packs(Wanted(kind=PackKind.CASE, ref=ref), tmp_path / "pack.zip")


def test_a_file_that_exists_is_left_alone_and_a_new_one_is_its_owner_s_only(
    archive: Archive, ref: str, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    archive.packs(Wanted(kind=PackKind.CASE, ref=ref), path)
    before = path.read_bytes()

    with pytest.raises(FileExistsError):
        archive.packs(Wanted(kind=PackKind.CASE, ref=ref), path)

    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600


HOSTILE = "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>\u202eexe.fdp"


def test_hostile_words_are_shown_as_text_on_the_page(archive: Archive) -> None:
    ref = archive.opens(an_incident(at=BEGINNING, account=HOSTILE), name=f"Ann {HOSTILE[:40]}")
    archive.receives(mail(ADDRESS, 1, subject=HOSTILE[:60]))

    page = packed(archive, Wanted(kind=PackKind.SUBJECT_ACCESS, ref=ref))["index.html"].decode()

    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text())
def test_no_text_whatsoever_leaves_its_cell(words: str) -> None:
    html = table("Caption", ("Column",), [(words,)])

    assert html.count("<td>") == html.count("</td>") == 1
    assert html.count("<") == table("Caption", ("Column",), [("",)]).count("<")


def test_no_cell_of_the_chronology_is_a_formula(archive: Archive) -> None:
    ref = archive.opens(an_incident(at=BEGINNING, account="=cmd|' /C calc'!A0"), name="=1+1 Vexing")

    files = packed(archive, Wanted(kind=PackKind.CASE, ref=ref))

    rows = list(csv.reader(io.StringIO(files["chronology.csv"].decode("utf-8-sig"))))
    assert rows[0] == ["When", "What", "In words", "By", "Where recorded", "Policy"]
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]


def test_the_moments_of_a_pack_are_told_by_the_council_s_clocks(archive: Archive) -> None:
    ref = archive.opens()
    july = BEGINNING + timedelta(days=140)
    archive.records(ref, an_incident(at=july), now=july)

    chronology = read(packed(archive, Wanted(kind=PackKind.CASE, ref=ref)), "chronology.json")

    assert chronology[-1]["when"].endswith("10:00:00+01:00")
