"""Where a handed-in file was used before: a hint for who decides on it, never for who handed it in, and no verdict.

A file is told by its SHA-256, a photo also by its look (`Attachment.look`). What a file was used for is said by the
floors above: each model that points to files by `attachment` and whose manager has `uses_seen_by` is asked. Such a row
has `used_for` (words), `get_absolute_url` and for photos `thumb_url`.
"""

import logging
from dataclasses import dataclass
from typing import Any

from PIL import Image

from units.models import Attachment
from units.models.files import ALIKE
from units.pictures import look_of

logger = logging.getLogger(__name__)
MOST_TOLD = 5  # about one file
MOST_COMPARED = 120  # at once: each photo is compared with all that were ever handed in


@dataclass(frozen=True)
class Reuse:
    """`file` is the row that was looked at, `use` the earlier one; `is_same`: the very same file."""

    file: Any
    use: Any
    is_same: bool

    @property
    def at(self):
        return self.use.attachment.uploaded_at

    @property
    def kind(self):
        """What the thing is that the earlier file was used for: progress report, finding …"""
        return self.use.used_for._meta.verbose_name


def use_models():
    """Every table that says what a file is used for, so that no floor above is imported."""
    models = [
        relation.related_model for relation in Attachment._meta.related_objects if relation.field.name == "attachment"
    ]
    return [model for model in models if hasattr(model._default_manager, "uses_seen_by")]


def reuses(files, user):
    """What was used before of `files` (rows with an `attachment`), as far as `user` sees it: the very same
    before what looks alike, the newest first.

    Two queries at most for files that are new, and one for each table of uses for others.
    """
    own = [one.attachment for one in files]
    found = Attachment.objects.visible_to(user).same_or_alike(own) if own else []
    earlier = {pk: [one for one in found if came_before(one, file)] for pk, file in ((file.pk, file) for file in own)}
    uses = uses_of({one.pk for group in earlier.values() for one in group}, user)
    return [
        Reuse(file, use, one.sha256 == file.attachment.sha256)
        for file in files
        for one in same_first(earlier[file.attachment.pk], file.attachment)[:MOST_TOLD]
        for use in uses.get(one.pk, [])
    ]


def same_first(found, file):
    return sorted(found, key=lambda one: one.sha256 != file.sha256)


def came_before(one, file):
    """Whether `one` is an earlier file with the content or the look of `file`."""
    if one.pk == file.pk or (one.uploaded_at, one.pk) >= (file.uploaded_at, file.pk):
        return False
    return one.sha256 == file.sha256 or bool(one.look and file.look and apart(one.look, file.look) <= ALIKE)


def apart(look, other):
    """In how many of their 64 bits two looks differ; `units.models.files.Apart` says it in SQL."""
    return ((look ^ other) & (1 << 64) - 1).bit_count()


def uses_of(pks, user):
    """What the attachments `pks` are used for: rows by attachment."""
    found = {}
    for model in use_models() if pks else ():
        for use in model._default_manager.uses_seen_by(user).filter(attachment__in=pks):
            found.setdefault(use.attachment_id, []).append(use)
    return found


def keep_looks(most):
    """Look at photos that were handed in before looks were kept, at most so many. Returns how many it were.

    A photo that cannot be read any more has none to compare.
    """
    photos = Attachment.objects.without_look().order_by("-uploaded_at")[:most]
    for photo in photos:
        try:
            with photo.shown.open("rb") as file, Image.open(file) as image:
                look = look_of(image)
        except (OSError, ValueError):
            logger.warning("photo %s cannot be read", photo.pk)
            look = 0
        Attachment.objects.filter(pk=photo.pk).update(look=look)
    return len(photos)
