"""A package of 2,000 files of 1 MB, against the bare zipfile; and its memory, against one of 200 files."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from reports import jobs
from reports.hand_in import make_package
from reports.models import HandInPackage, PackageJob
from tasks.models import CatalogueNumber, Criterion, Material, MaterialRevision
from tests.bench.city import large_city, person
from tests.bench.stopwatch import Row, in_turn, milliseconds
from units.models import Attachment, Unit
from units.roles import Role

FILES, FEW, SIZE = 2000, 200, 1024 * 1024
TITLE = "关于印发创建文明城市工作实施方案的通知（测量{n}）"
ALONE = """
import sys, django
django.setup()
from tests.bench import packages
packages.packed(int(sys.argv[1]))
print(open("/proc/self/status").read())
"""


@transaction.atomic
def filed(count):
    """`count` files of 1 MB, filed one by one under the criteria of the city, below a unit of their own."""
    city, office = Unit.objects.get(depth=1), person(Role.OFFICE)
    unit, made = Unit.objects.get_or_create(name=f"测量{count}", defaults={"parent": city, "kind": city.kind})
    if not made:
        return unit
    criteria = list(Criterion.objects.in_order().select_related("indicator"))
    for n in range(count):
        attachment = sealed(os.urandom(SIZE), unit, office)
        material = Material.objects.create(unit=unit, title=TITLE.format(n=n), made_by=office)
        MaterialRevision.objects.create(material=material, number=1, attachment=attachment, by=office)
        criterion = criteria[n % len(criteria)]
        place = CatalogueNumber.objects.filter(criterion=criterion).count() + 1
        number = f"{criterion.code}-{place}"
        CatalogueNumber.objects.create(material=material, criterion=criterion, place=place, number=number)
    return unit


def sealed(content, unit, by):
    """As `accept` stores a file, without looking at what it is: a measure of packing, not of accepting."""
    attachment = Attachment(unit=unit, uploaded_by=by, family="document", content_type="application/pdf")
    attachment.name, attachment.size = "文件.pdf", len(content)
    attachment.sha256 = hashlib.sha256(content).hexdigest()
    attachment.original.save("文件.pdf", ContentFile(content), save=False)
    attachment.save(force_insert=True)
    return attachment


def package_of(count):
    unit, office = Unit.objects.get(name=f"测量{count}"), person(Role.OFFICE)
    there = HandInPackage.objects.filter(unit=unit).first()
    return there or make_package(unit=unit, standard=None, by=office)


def packed(count):
    """The whole job: catalogue drawn, files copied, read back and compared, stored."""
    package = package_of(count)
    PackageJob.objects.filter(package=package).delete()
    job = PackageJob.objects.asked_for(package, None)
    jobs.make_file(job.pk, PackageJob._meta.label)
    job.refresh_from_db()
    assert job.state == job.State.DONE, job.error
    job.file.delete(save=False)


def zipped(paths, folder):
    """The bare work: the same files from the disk."""
    target = Path(folder) / "bare.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for n, path in enumerate(paths):
            archive.write(path, f"{n}.pdf")
    target.unlink()


def peak(count):
    """The most memory, in MB, that a process of its own ever held which packs so many files."""
    command = [sys.executable, "-c", ALONE, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"VmHWM:\s+(\d+) kB", done.stdout)[1]) / 1024


def measure():
    large_city()
    for count in (FEW, FILES):
        filed(count)
    facts = package_of(FILES).data
    files = Attachment.objects.in_bulk([entry["attachment"] for entry in facts["entries"]])
    paths = [file.original.path for file in files.values()]
    beside = Path(paths[0]).parent.parent.parent  # on the same disk
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        ours, bare, ratio = in_turn(lambda: packed(FILES), lambda: zipped(paths, folder), runs=5)
    what = f"{FILES:,} files of 1 MB packed, with catalogue and read back; bare: `ZipFile.write`"
    yield Row(what, milliseconds(ours), milliseconds(bare), ratio, 1.3)
    most, least = peak(FILES), peak(FEW)
    what = f"most memory for {FILES:,} files; bare: ours for {FEW}"
    yield Row(what, f"{most:.0f} MB", f"{least:.0f} MB", most / least, 1.3)
