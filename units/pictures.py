"""Photos made safe to show: decoded, turned upright, made smaller, and written anew without what they carried along."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from units.filetypes import DAMAGED, Refused

register_heif_opener()

# A "50 megapixel" phone takes 8192 × 6144, a little more than fifty million.
MAX_PIXELS = 55_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# No camera writes these: they are screenshots at most, and 34 bytes of one can unpack to all the memory there is.
MAX_DRAWN_PIXELS = 30_000_000
DRAWN = frozenset({"PNG", "WEBP"})
SHOWN_SIDE, THUMB_SIDE = 1600, 320
AVERAGED = frozenset({"RGB", "RGBA", "L", "LA", "CMYK"})
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# How much darker a field is before it counts as darker: what saving anew changes is less.
NOISE = 2
# Pictures of less than so many marks (sky, a blank sheet) are like each other without showing the same.
FEWEST_MARKS = 8


@dataclass(frozen=True)
class Picture:
    """What is kept of a photo beside its original: two clean JPEGs, its upright size, and when it was taken.

    `look` is the hash of what it shows, see `look_of`.
    """

    shown: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: datetime | None
    look: int


def develop(data):
    """Read a photo and make its clean copies. Raises `Refused` when it is damaged or too large to be a photo."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            refuse_giant(*image.size, MAX_DRAWN_PIXELS if image.format in DRAWN else MAX_PIXELS)
            taken_at = moment_taken(image.getexif())
            width, height = upright_size(image)
            # A JPEG is decoded straight to about twice the size shown: a fraction of the memory.
            image.draft("RGB", (2 * SHOWN_SIDE, 2 * SHOWN_SIDE))
            image.load()
            clean = in_plain_colours(ImageOps.exif_transpose(coarser(image)))
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(too_many_pixels()) from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, IndexError, RuntimeError) as error:
        raise Refused(DAMAGED) from error
    shown = smaller(clean, SHOWN_SIDE)
    return Picture(
        shown=as_jpeg(shown, 85),
        thumb=as_jpeg(smaller(shown, THUMB_SIDE), 80),
        width=width,
        height=height,
        taken_at=taken_at,
        look=look_of(shown),
    )


def look_of(image):
    """A difference hash (dHash): 64 bits, signed, that stay nearly the same when a picture is made smaller, lighter,
    or saved anew. 0: too little to see.

    The picture in 9 × 8 fields of grey; each bit says whether a field is lighter than its neighbour on the right.
    """
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    marks = [grey[9 * y + x] > grey[9 * y + x + 1] + NOISE for y in range(8) for x in range(8)]
    if sum(marks) < FEWEST_MARKS:
        return 0
    bits = sum(mark << place for place, mark in enumerate(marks))
    return bits - (1 << 64) if bits >> 63 else bits


def too_many_pixels(most=MAX_PIXELS):
    return _("the picture has more than %(n)s million pixels; please send it smaller") % {"n": most // 1_000_000}


def refuse_giant(width, height, most):
    if width * height > most:
        raise Refused(too_many_pixels(most))


def coarser(image):
    """The loaded picture at no less than the size shown, so that no step after this one copies it whole."""
    factor = max(image.size) // SHOWN_SIDE
    if factor < 2:
        return image
    if image.mode in AVERAGED:
        return image.reduce(factor)
    return image.resize([max(1, side // factor) for side in image.size], Image.Resampling.NEAREST)


def upright_size(image):
    """Width and height as a person sees them: a phone lays a portrait on its side and says so in a tag."""
    on_its_side = image.getexif().get(ExifTags.Base.Orientation) in {5, 6, 7, 8}
    return image.size[::-1] if on_its_side else image.size


def in_plain_colours(image):
    """RGB in the colours that every screen has, on white where it was transparent."""
    profile = image.info.get("icc_profile")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper
    if profile and image.mode in {"RGB", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")


def smaller(image, side):
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def as_jpeg(image, quality):
    """A JPEG of the pixels and nothing else: what the source carried along (place, owner, device) stays behind."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    target = BytesIO()
    clean.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()


def moment_taken(exif):
    """When the camera says it was taken, in its own offset or else in local time; None when it does not say."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    written = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\x00 ")
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
    with suppress(ValueError):
        return datetime.strptime(written + offset, "%Y:%m:%d %H:%M:%S%z")
    with suppress(ValueError):
        return timezone.make_aware(datetime.strptime(written, "%Y:%m:%d %H:%M:%S"))  # noqa: DTZ007 made aware here
    return None
