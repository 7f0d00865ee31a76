"""Drawn pictures that stand in for photos: a street or a hall, the problem before, the same spot put right after."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from inspections.models import FindingPhoto, FixPhoto
from reports.city.scene import drawn_uuid
from tasks.models import Evidence
from units.files import accept

SIZE = WIDTH, HEIGHT = 640, 480
PATCHES = 6, 5  # of sun and shade, across and down
FACE = settings.BASE_DIR / "static" / "fonts" / "fandol" / "FandolHei-Regular.otf"
SKY, GROUND, LITTER, SIGN = "#cfe3f1", "#8d8f8a", "#7a5c3e", "#b5121b"
WALLS = ("#d9cbb3", "#c9d3cf", "#dcc3b5", "#cdc9dc", "#d8d5c4")
WITH_PHOTO, WITH_EVIDENCE = 28, 10  # how many of the newest findings, and how many reports


def make_photos(scene, courses, works):
    """Photos of the newest findings from visits and of what was reported as fixed; pictures as evidence of reports."""
    lots = scene.plan.lots("photos")
    seen = [course for course in courses if course.item.finding.visit_id][-WITH_PHOTO:]
    for course in seen:
        add_photos(scene, course, lots)
    recent = [work.reports[-1] for work in works if work.reports]
    for report in sorted(recent, key=lambda report: report.written_at)[-WITH_EVIDENCE:]:
        unit = report.assignment.unit
        words = f"{report.assignment.task.number} 佐证材料"
        picture = draw(str(unit), words, report.written_at, scene.plan)
        attachment = accept(upload(picture, "佐证照片.jpg"), unit=unit, by=report.by)
        Evidence.objects.create(progress=report, attachment=attachment, caption="现场照片")


def add_photos(scene, course, lots):
    """One or two of the problem; one of each submission."""
    item, finding = course.item, course.item.finding
    for order in range(lots.choice((1, 1, 2))):
        picture = draw(finding.place.name, finding.text, finding.found_at, scene.plan, litter=lots, view=order)
        attachment = accept(upload(picture, f"现场{order + 1}.jpg"), unit=item.unit, by=finding.found_by)
        FindingPhoto.objects.create(finding=finding, attachment=attachment, order=order, uuid=drawn_uuid(lots))
    for event in course.events:
        if event.step == "submit":
            picture = draw(finding.place.name, "整改后", event.at, scene.plan)
            attachment = accept(upload(picture, "整改后.jpg"), unit=item.unit, by=event.actor)
            FixPhoto.objects.create(item=item, attachment=attachment, event=event)


def upload(picture, name):
    file = BytesIO()
    picture.save(file, "JPEG", quality=78)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def draw(place, words, moment, plan, litter=None, view=0):
    """A street with a caption, the same houses each time for the same place. `litter` strews some by lot.

    No two look alike to `units.reuse`, as no two real photos do: each has its own light, `view` tells several of the
    same moment apart.
    """
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 300, WIDTH, HEIGHT), GROUND)
    houses = plan.lots(f"houses {place}")
    for left in range(0, WIDTH, 128):
        draw_house(pen, left, houses.randint(90, 200), houses.choice(WALLS))
    for x in range(-40, WIDTH, 90):
        pen.line((x, 390, x + 50, 390), "#e8e6df", width=6)
    if litter:
        for _ in range(litter.randint(8, 16)):
            x, y = litter.randint(200, 460), litter.randint(320, 390)
            pen.polygon([(x, y), (x + 22, y - 12), (x + 34, y + 6), (x + 12, y + 16)], LITTER, outline="#4b3826")
        pen.ellipse((170, 290, 500, 425), outline=SIGN, width=4)
    picture = in_light(picture, plan.lots(f"light {place} {words} {moment} {view}"))
    pen = ImageDraw.Draw(picture)
    caption(pen, [place, words, f"{timezone.localtime(moment):%Y-%m-%d %H:%M}", "演示图片"])
    return picture


def in_light(picture, lots):
    """The picture with sun and shade on it, by lot."""
    patches = Image.frombytes("L", PATCHES, lots.randbytes(PATCHES[0] * PATCHES[1]))
    shade = patches.resize(SIZE, Image.Resampling.BICUBIC)
    return Image.blend(picture, shade.convert("RGB"), 0.4)


def draw_house(pen, left, top, wall):
    pen.rectangle((left + 4, top, left + 122, 300), wall, outline="#a89877")
    for row in range(top + 16, 250, 40):
        for column in range(left + 18, left + 110, 34):
            pen.rectangle((column, row, column + 18, row + 22), "#9fb6c4")
    pen.rectangle((left + 30, 278, left + 96, 294), SIGN)


def caption(pen, texts):
    face = ImageFont.truetype(str(FACE), 22)
    pen.rectangle((0, HEIGHT - 64, WIDTH, HEIGHT), "#1f2933")
    pen.text((14, HEIGHT - 60), f"{texts[0]}  {texts[1]}"[:28], "white", font=face)
    pen.text((14, HEIGHT - 32), f"{texts[2]}  {texts[3]}", "#c9d1d9", font=face)
