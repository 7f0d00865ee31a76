"""A package holds what was filed, byte for byte, in folders by number, with a catalogue and checksums that verify."""

import subprocess
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, InternalError, transaction
from django.utils import translation

from reports.hand_in import make_package
from reports.jobs import make_file
from reports.models import HandInPackage, PackageJob
from reports.package_names import CATALOGUE, SUMS
from tasks.models import RequiredPiece
from tests.reports.text import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch):
    monkeypatch.setattr(make_file, "delay", lambda _pk, _label: None)


@pytest.fixture
def make(city, office, rung):
    """A package of the city (or another unit), finished: `(package, job)`."""

    def make(unit=None, standard=None, by=None):
        package = make_package(unit=unit or city, standard=standard, by=by or office)
        job = PackageJob.objects.asked_for(package, by or office)
        make_file(job.pk, PackageJob._meta.label)
        job.refresh_from_db()
        return package, job

    return make


def unpacked(job, folder):
    with job.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


def test_files_lie_in_folders_by_number(make, make_material, make_criterion, other_bureau, tmp_path):
    first, second = make_criterion("Ⅱ-1", "1)"), make_criterion("Ⅱ-2", "1)")
    make_material(second, title="工作总结", unit=other_bureau)
    make_material(first, title="实施方案")

    _package, job = make()

    assert unpacked(job, tmp_path) == [
        CATALOGUE,
        SUMS,
        "Ⅱ-1-1)/Ⅱ-1-1)-① 实施方案.txt",
        "Ⅱ-2-1)/Ⅱ-2-1)-① 工作总结.txt",
    ]


def test_sha256sum_finds_every_file_as_it_should_be(make, make_material, criterion, tmp_path):
    for title in ("方案", '带"引号"的/名字', "很长的名字" * 30):
        make_material(criterion, title=title)
    _package, job = make()
    unpacked(job, tmp_path)

    done = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.count(": OK")) == (0, 4), done.stderr


def test_the_original_is_handed_in_byte_for_byte(make, make_material, criterion, tmp_path):
    make_material(criterion, title="方案", content="正文".encode())

    _package, job = make()

    unpacked(job, tmp_path)
    assert (tmp_path / "Ⅱ-1-1)" / "Ⅱ-1-1)-① 方案.txt").read_bytes() == "正文".encode()


def test_names_are_marked_as_utf8_and_pictures_are_not_packed_again(make, make_material, criterion):
    make_material(criterion, title="方案")

    _package, job = make()

    with job.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        infos = {info.filename: info for info in archive.infolist()}
    assert all(info.flag_bits & 0x800 for name, info in infos.items() if name != SUMS)
    assert infos[CATALOGUE].compress_type == zipfile.ZIP_STORED
    assert infos["Ⅱ-1-1)/Ⅱ-1-1)-① 方案.txt"].compress_type == zipfile.ZIP_DEFLATED
    assert next(iter(infos)) == CATALOGUE


def test_one_file_of_two_criteria_lies_there_once(make, make_material, make_criterion, tmp_path):
    make_material(make_criterion("Ⅱ-1"), make_criterion("Ⅱ-2"), title="方案")

    package, job = make()

    assert unpacked(job, tmp_path) == [CATALOGUE, SUMS, "Ⅱ-1-1)/Ⅱ-1-1)-① 方案.txt"]
    assert [(one["number"], one["see"]) for one in package.data["entries"]] == [
        ("Ⅱ-1-1)-①", ""),
        ("Ⅱ-2-1)-①", "Ⅱ-1-1)-①"),
    ]


def test_the_catalogue_names_every_entry(make, make_material, criterion, other_bureau, tmp_path):
    piece = RequiredPiece.objects.add(criterion, name="会议纪要")
    make_material(criterion, title="第一次调度会纪要", piece=piece)
    make_material(criterion, title="工作总结", unit=other_bureau)
    package, job = make()
    unpacked(job, tmp_path)

    words = words_of((tmp_path / CATALOGUE).read_bytes())

    for word in ("Ⅱ-1-1)-①", "第一次调度会纪要", "会议纪要", "Ⅱ-1-1)-②", "工作总结", "市教育局", criterion.text):
        assert word in words
    assert package.data["entries"][0]["sha256"][:12] in words


def test_the_newest_revision_goes_in(make, make_material, make_attachment, criterion, staff):
    material = make_material(criterion)
    material.revise(make_attachment(name="新.txt"), by=staff)

    package, _job = make()

    assert [(one["revision"], one["path"]) for one in package.data["entries"]] == [(2, "Ⅱ-1-1)/Ⅱ-1-1)-① 工作方案.txt")]


def test_what_is_filed_later_changes_nothing(make, make_material, criterion):
    make_material(criterion)
    package, job = make()
    make_material(criterion)

    package.refresh_from_db()

    assert len(package.data["entries"]) == 1
    assert PackageJob.objects.asked_for(package, None) == job


def test_a_unit_hands_in_its_own_and_what_is_below(
    make, make_material, criterion, bureau, other_bureau, make_unit, lead
):
    section = make_unit("市容科", parent=bureau)
    make_material(criterion, title="局的")
    make_material(criterion, title="科的", unit=section)
    make_material(criterion, title="别人的", unit=other_bureau)

    package, _job = make(unit=bureau, by=lead)

    assert [one["title"] for one in package.data["entries"]] == ["局的", "科的"]


def test_two_standards_have_a_folder_each(make, make_material, criterion, standard, make_unit, office, city):
    other = standard.new_version(name="省级测评体系", edition="2026", level="province")
    make_material(criterion, other.indicators.get(level=2).criteria.get(), title="甲")
    make_material(other.indicators.get(level=2).criteria.get(), title="乙")

    package, _job = make()
    only, _job = make(standard=other)

    assert {one["path"].split("/")[0] for one in package.data["entries"]} == {str(standard), str(other)}
    assert [one["title"] for one in only.data["entries"]] == ["甲", "乙"]


def test_a_package_is_named_in_chinese_whatever_language_is_spoken(make, make_material, criterion, standard):
    make_material(criterion)

    with translation.override("en"):
        package, _job = make(standard=standard)

    assert str(package) == "安澜市《文明城市测评体系（2026）》资料目录"


def test_nothing_numbered_is_no_package(city, office, make_material):
    make_material()

    with pytest.raises(ValidationError):
        make_package(unit=city, standard=None, by=office)


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_file_that_is_not_what_was_handed_in_stops_the_package(make, make_material, criterion, damage):
    attachment = make_material(criterion, content="正文".encode()).newest.attachment
    attachment.original.storage.delete(attachment.original.name)
    if damage == "changed":
        attachment.original.storage.save(attachment.original.name, ContentFile("改过".encode()))

    _package, job = make()

    assert (job.state, job.error, bool(job.file)) == ("failed", PackageJob.Trouble.CHANGED, False)


def test_the_hash_of_the_row_is_that_of_the_checksum_list(make, make_material, criterion, tmp_path):
    make_material(criterion)
    _package, job = make()
    unpacked(job, tmp_path)

    said = subprocess.run(["sha256sum", tmp_path / SUMS], capture_output=True, text=True, check=True).stdout.split()[0]

    assert (said, job.size) == (job.sha256, job.file.size)


def test_nothing_is_left_of_the_work(make, make_material, criterion):
    make_material(criterion)
    _package, job = make()

    assert job.file.storage.listdir("working")[1] == []


def test_the_database_keeps_a_package_as_it_is(make, make_material, criterion):
    make_material(criterion)
    make()

    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        HandInPackage.objects.update(title="别的")


def test_the_database_refuses_a_package_without_a_title(make, make_material, criterion):
    make_material(criterion)
    package, _job = make()
    package.pk, package.title = None, ""

    with pytest.raises(IntegrityError, match="reports_handinpackage_has_a_title"), transaction.atomic():
        package.save(force_insert=True)
