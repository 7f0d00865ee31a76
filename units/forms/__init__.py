"""Forms turn what people type and hand in into domain values."""

from units.forms.files import FilesField, PhotosField

__all__ = ["FilesField", "PhotosField"]
