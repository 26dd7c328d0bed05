"""The package: what is in it, that it checks itself, when it is made anew, who lets it leave."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zipfile

import pytest

from contracts.minors import mentors_minors
from pipeline import run
from pipeline.acceptance import rulings
from pipeline.errors import UsageError
from pipeline.render import html
from pipeline.views import Signatories
from pipeline.workspace.settings import Recipient
from tests.support.workspace import NOW, Workspace, broken_document, recipient, school, sheets

ROWS = list(school("oo-101").rows["F04"])


def book(*rows):
    return sheets("oo-101", only=("F02", "F04"), F04=list(rows))


@pytest.fixture
def drafted(workspace):
    """A draft of the data of one school."""
    workspace.give("oo-101", "Книга.xlsx", book(*ROWS))
    workspace.publish()
    return workspace


def newest(workspace):
    with workspace.open() as exchange:
        return exchange.store.packages()[-1].record


def packed(workspace):
    record = newest(workspace)
    return (workspace.outbox / "packages" / record.recipient / record.name).read_bytes()


def files(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def approve(workspace, package="", **words):
    with workspace.open() as exchange:
        return run.approve(
            exchange, NOW, **{"package": package, "who": "Синицына В.П.", "outgoing": ""} | words
        )


def test_the_same_facts_make_the_same_bytes(workspace, drafted, tmp_path, read_here):
    other = Workspace(tmp_path / "other")
    other.give("oo-101", "Книга.xlsx", book(*ROWS))
    other.publish()
    assert packed(other) == packed(drafted)


def test_the_zip_has_no_moment_of_its_own(drafted):
    with zipfile.ZipFile(io.BytesIO(packed(drafted))) as archive:
        infos = archive.infolist()
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {(info.create_system, info.compress_type) for info in infos} == {(3, 0)}
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)


def test_sha256sum_finds_the_package_whole(drafted, tmp_path):
    with zipfile.ZipFile(io.BytesIO(packed(drafted))) as archive:
        archive.extractall(tmp_path / "open")
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=tmp_path / "open",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed = len(done.stdout.splitlines())
    assert listed == len(files(packed(drafted))) - 1


def test_frictionless_opens_and_validates_it(drafted, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    with zipfile.ZipFile(io.BytesIO(packed(drafted))) as archive:
        archive.extractall(tmp_path / "open")
    package = frictionless.Package(str(tmp_path / "open" / "data" / "datapackage.json"))
    validated = package.validate()
    assert validated.valid, validated.flatten(["type", "message"])
    rows = package.get_resource("f04_mentors").read_rows()
    # Pupils who mentor leave as a number only.
    assert len(rows) == sum("mentor_fio" not in mentors_minors(row) for row in ROWS) < len(ROWS)
    assert {row["origin"] for row in rows} == {"oo-101"}


def test_the_manifest_names_every_table_its_size_and_its_sum(drafted):
    held = files(packed(drafted))
    manifest = json.loads(held["data/datapackage.json"])
    for resource in manifest["resources"]:
        data = held[f"data/{resource['path']}"]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert manifest["content_digest"] == newest(drafted).digest
    assert manifest["id"] == newest(drafted).id
    tables = {name for name in held if name.endswith(".csv")}
    assert tables == {f"data/{resource['path']}" for resource in manifest["resources"]}
    assert "f05_mentees" in manifest["nil"]
    assert "f04_mentors" not in manifest["nil"]


def test_nothing_points_outside(drafted):
    """No address, no absolute path, no way up: whoever opens it fetches nothing."""
    held = files(packed(drafted))
    assert not [name for name in held if name.startswith("/") or ".." in name or "\\" in name]
    for name, data in held.items():
        if name.endswith((".json", ".csv", ".html")) and not name.startswith("data/contract/"):
            text = data.decode()
            assert not re.search(r"(?i)\b(https?|ftp|file)://", text), name
            assert str(drafted.folder) not in text, name


def test_the_cover_and_the_documents_lie_on_top(drafted):
    top = {name for name in files(packed(drafted)) if "/" not in name}
    ours = {"Прочтите.html", "Письмо.html", "SHA256SUMS"}
    assert ours < top
    with drafted.open() as exchange:
        audience = {d.code: d.audience for d in exchange.plugins.documents.values()}
    for name in top - ours:
        assert audience[name.split()[0]] == "region"


def test_the_letter_names_the_package_and_how_many_schools_stand_behind_it(drafted):
    letter = files(packed(drafted))["Письмо.html"].decode()
    assert "krirpo_2026-2027_1" in letter
    assert re.search(r"представили\s+\d+ из \d+ образовательных", letter)
    assert "Персональные данные в составе пакета отсутствуют" in letter


def test_the_position_of_who_signs_begins_a_line():
    names = Signatories("Округ", "МЦН", signer="Иванов И.И.", signer_position="начальник МЦН")
    words = dict.fromkeys(("period", "package", "digest", "given", "asked", "as_of", "persons"), "")
    letter = html.render(
        "letter.html.j2", names=names, recipient=Recipient("krirpo", "КРИРПО", "file:x"), **words
    ).decode()
    assert "<span>Начальник МЦН</span>" in letter


def test_publishing_without_news_makes_no_new_package(drafted):
    before = (packed(drafted), drafted.facts())
    (draft,) = drafted.publish().drafts
    assert (draft.new, draft.name) == (False, "krirpo_2026-2027_1.zip")
    assert (packed(drafted), drafted.facts()) == before


def test_a_file_that_says_the_same_makes_no_new_package(drafted):
    """A confirmation is a fact, but changes no table."""
    note = sheets("oo-101", only=(), said={"unchanged": "да"})
    drafted.give("oo-101", "Изменений нет.xlsx", note)
    (draft,) = drafted.publish().drafts
    assert not draft.new


def test_changed_data_make_a_new_number_and_take_the_old_draft_away(drafted):
    approve(drafted)
    drafted.give("oo-101", "Книга 2.xlsx", book(*ROWS[1:]))
    (draft,) = drafted.publish().drafts
    assert (draft.name, draft.new, draft.approved) == ("krirpo_2026-2027_2.zip", True, False)
    assert "data/F04_mentors.csv" in draft.changed
    assert "data/F02_curators.csv" not in draft.changed
    assert newest(drafted).supersedes == "krirpo_2026-2027_1.zip"
    lying = [path.name for path in (drafted.outbox / "packages" / "krirpo").iterdir()]
    assert lying == ["krirpo_2026-2027_2.zip"]
    assert [one.state for one in drafted.deliver()] == ["not_approved"]


def test_a_delivered_package_is_not_taken_away(drafted):
    approve(drafted)
    drafted.deliver()
    drafted.give("oo-101", "Книга 2.xlsx", book(*ROWS[1:]))
    drafted.publish()
    lying = sorted(path.name for path in (drafted.outbox / "packages" / "krirpo").iterdir())
    assert lying == ["krirpo_2026-2027_1.zip", "krirpo_2026-2027_2.zip"]


def test_a_withdrawal_is_named_in_the_next_package(drafted):
    with drafted.open() as exchange:
        rulings.withdraw(exchange, NOW, place="1.1", who="Синицына В.П.", reason="ошибка")
    drafted.publish()
    manifest = json.loads(files(packed(drafted))["data/datapackage.json"])
    assert manifest["withdrawn"] == ["1.1"]
    assert "f04_mentors" in manifest["nil"]


def test_a_replaced_package_cannot_be_approved(drafted):
    drafted.give("oo-101", "Книга 2.xlsx", book(*ROWS[1:]))
    drafted.publish()
    with pytest.raises(UsageError, match="заменён"):
        approve(drafted, "krirpo_2026-2027_1")
    with pytest.raises(UsageError, match="Какой"):
        approve(drafted, "krirpo_2026-2027_7")


def test_before_publishing_there_is_nothing_to_approve(workspace):
    with pytest.raises(UsageError, match="publish"):
        approve(workspace)


def test_of_two_recipients_the_package_must_be_named(tmp_path, read_here):
    place = Workspace(
        tmp_path / "ws", recipients=(recipient(), recipient("nmc", "file:outbox/НМЦ"))
    )
    place.give("oo-101", "Книга.xlsx", book(*ROWS))
    place.publish()
    with pytest.raises(UsageError, match="Какой"):
        approve(place)
    assert approve(place, "nmc_2026-2027_1") == "nmc_2026-2027_1.zip"
    states = {one.recipient: one.state for one in place.deliver()}
    assert states == {"krirpo": "not_approved", "nmc": "delivered"}


def test_approving_twice_is_one_approval(drafted):
    approve(drafted, outgoing="12-А")
    facts = drafted.facts()
    approve(drafted, "krirpo_2026-2027_1.zip")
    assert drafted.facts() == facts
    with drafted.open() as exchange:
        (fact,) = exchange.store.approvals(newest_id(exchange))
    assert (fact.record.outgoing, fact.record.digest) == ("12-А", newest(drafted).digest)


def newest_id(exchange):
    return exchange.store.packages()[-1].record.id


def test_auto_approval_shows_in_what_publishing_says(tmp_path, read_here):
    place = Workspace(tmp_path / "ws", more="auto_approve = true")
    place.give("oo-101", "Книга.xlsx", book(*ROWS))
    (draft,) = place.publish().drafts
    assert draft.approved


def test_while_a_document_fails_no_package_leaves_without_it(workspace):

    workspace.give("oo-101", "Книга.xlsx", book(*ROWS))
    done = workspace.publish(broken_document("region"))
    assert [one.what for one in done.publication.failed] == ["D99"]
    assert done.drafts == ()
    assert workspace.publish(broken_document("municipality")).drafts[0].new
