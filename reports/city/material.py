"""The material catalogue of the running year: what each criterion requires, some of it filed, some of it anew."""

from django.core.files.uploadedfile import SimpleUploadedFile

from reports.city.photos import draw, upload
from reports.hand_in import make_package
from tasks.models import AskedPiece, Assignment, Criterion, Evidence, Material, RequiredPiece
from units.files import accept

EACH = RequiredPiece.AskedOf.EACH
FILED, REVISED = 60, 8  # how many pieces are filed, how many of them anew
PICTURES = "工作图片"


def make_material(scene):
    """Required pieces of every criterion, and what some units have filed; one photo is used a second time."""
    ledger, lots = scene.ledger, scene.plan.lots("material")
    criteria = Criterion.objects.filter(indicator__standard=ledger.standard).in_order()
    RequiredPiece.objects.bulk_create(piece for criterion in criteria for piece in pieces_of(criterion))
    asked = AskedPiece.objects.filter(ledger=ledger).select_related("piece", "criterion__indicator", "unit")
    rows = list(asked.order_by("criterion__order", "piece__order", "unit__path"))
    filed = [file(scene, row) for row in lots.sample(rows, min(FILED, len(rows)))]
    papers = [one for one in filed if not one.newest.attachment.is_image]
    for material in papers[:REVISED]:
        lead, _clerk = scene.people.of(material.unit)
        material.revise(paper(material, "修订稿", lead), by=lead, note="按审核意见修改")
    use_again(scene, filed)
    make_package(unit=scene.ground.root, standard=ledger.standard, by=scene.people.office[0])


def pieces_of(criterion):
    yield RequiredPiece(criterion=criterion, name="工作方案", note="正式印发的文件", order=1)
    yield RequiredPiece(criterion=criterion, name="工作总结", order=2)
    if "site" in criterion.methods:
        note = "每张注明时间、地点、主题"
        yield RequiredPiece(criterion=criterion, name=PICTURES, note=note, asked_of=EACH, order=3)


def file(scene, row):
    """The piece of a row, filed by the unit's clerk."""
    _lead, clerk = scene.people.of(row.unit)
    title = f"{row.unit}{row.piece.name}"
    if row.piece.name == PICTURES:
        picture = draw(str(row.unit), row.criterion.code, scene.plan.now, scene.plan)
        sent = upload(picture, f"{title}.jpg")
    else:
        sent = text_file(title, row.criterion.text)
    attachment = accept(sent, unit=row.unit, by=clerk)
    return Material.objects.file(attachment, title=title, places=[(row.criterion, row.piece)], by=clerk)


def text_file(title, text):
    return SimpleUploadedFile(f"{title}.txt", f"{title}(演示)\n{text}\n".encode())


def paper(material, mark, by):
    """A further state of a material."""
    return accept(text_file(f"{material.title}({mark})", mark), unit=material.unit, by=by)


def use_again(scene, filed):
    """A photo that one unit has filed proves the report of another that waits for its verdict: the reviewer is told."""
    earlier = next((one for one in filed if one.newest.attachment.is_image), None)
    waiting = Assignment.objects.asked_by_ledgers().waiting_for_review()
    waiting = waiting.exclude(unit=earlier.unit).order_by("pk").first() if earlier else None
    if waiting is None:
        return
    with earlier.newest.attachment.original.open("rb") as photo:
        sent = SimpleUploadedFile("现场照片.jpg", photo.read())
    _lead, clerk = scene.people.of(waiting.unit)
    Evidence.objects.create(progress=waiting.under_review, attachment=accept(sent, unit=waiting.unit, by=clerk))
