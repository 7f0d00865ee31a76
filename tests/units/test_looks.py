"""The look of a photo: nearly the same for the same picture, another for another, nothing for a blank sheet."""

from io import BytesIO
from random import Random

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image, ImageDraw, ImageEnhance

from tests.units.filemakers import upload
from units.files import accept
from units.jobs import look_at_photos
from units.models import Attachment
from units.models.files import ALIKE, Apart
from units.pictures import look_of
from units.reuse import apart


def scene(seed=1, size=(640, 480)):
    """A drawn street: the same for the same seed."""
    lots, image = Random(seed), Image.new("RGB", size, "#cfe3f1")
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = lots.randrange(size[0]), lots.randrange(size[1])
        colour = tuple(lots.randrange(256) for _ in range(3))
        pen.rectangle((x, y, x + lots.randrange(30, 200), y + lots.randrange(30, 200)), colour)
    return image


def as_file(image, **options):
    target = BytesIO()
    image.save(target, "JPEG", **options)
    return target.getvalue()


def saved_anew(image, **options):
    return Image.open(BytesIO(as_file(image, **options)))


@pytest.mark.parametrize(
    "altered",
    [
        lambda image: saved_anew(image, quality=40),
        lambda image: image.resize((200, 150)),
        lambda image: ImageEnhance.Brightness(image).enhance(1.15),
        lambda image: ImageEnhance.Color(image).enhance(0.4),
        lambda image: image.crop((6, 4, 634, 476)),
    ],
    ids=["saved anew", "smaller", "lighter", "paler", "its edge cut off"],
)
@pytest.mark.parametrize("seed", range(1, 6))
def test_the_same_picture_altered_has_nearly_the_same_look(altered, seed):
    assert apart(look_of(scene(seed)), look_of(altered(scene(seed)))) <= ALIKE


def test_no_two_of_many_scenes_look_alike():
    looks = [look_of(scene(seed)) for seed in range(60)]

    alike = [(a, b) for n, a in enumerate(looks) for b in looks[:n] if apart(a, b) <= ALIKE]

    assert alike == []


@pytest.mark.parametrize("colour", ["white", "black", "#8899aa"])
def test_a_blank_sheet_has_nothing_to_compare(colour):
    assert look_of(Image.new("RGB", (640, 480), colour)) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_database_counts_the_same_bits(city, seed):
    look, other = look_of(scene(seed)), look_of(scene(seed + 100))
    photo = accept(upload(as_file(scene(seed), quality=95)), unit=city, by=None)
    Attachment.objects.update(look=look)

    counted = Attachment.objects.annotate(apart=Apart("look", other)).get(pk=photo.pk).apart

    assert counted == apart(look, other)


@pytest.mark.django_db
def test_an_accepted_photo_keeps_its_look_and_a_document_has_none(city):
    photo = accept(upload(as_file(scene())), unit=city, by=None)
    paper = accept(upload("说明".encode(), "说明.txt"), unit=city, by=None)

    assert apart(photo.look, look_of(scene())) <= 1
    assert paper.look is None


@pytest.fixture
def old_photo(city):
    """Handed in before looks were kept."""
    photo = accept(upload(as_file(scene())), unit=city, by=None)
    Attachment.objects.update(look=None)
    return photo


@pytest.mark.django_db
@pytest.mark.parametrize("way", [look_at_photos, lambda: call_command("look_at_photos", verbosity=0)])
def test_photos_of_before_are_looked_at_later(old_photo, way, capsys):
    way()

    old_photo.refresh_from_db()
    assert apart(old_photo.look, look_of(scene())) <= 1


@pytest.mark.django_db
def test_a_photo_that_cannot_be_read_does_not_hold_up_the_others(old_photo, city):
    broken = accept(upload(as_file(scene(2))), unit=city, by=None)
    Attachment.objects.update(look=None)
    broken.shown.storage.delete(broken.shown.name)
    broken.shown.storage.save(broken.shown.name, ContentFile(b"no picture"))

    look_at_photos()

    broken.refresh_from_db()
    old_photo.refresh_from_db()
    assert (broken.look, bool(old_photo.look)) == (0, True)
