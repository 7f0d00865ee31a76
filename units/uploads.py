"""A bound on what one request may bring, checked before a byte of it is read: also the login page takes requests."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUpload(FileUploadHandler):
    """Refuse a request larger than `REQUEST_MAX_BYTES` (400); let every other pass on to the next handler."""

    def handle_raw_input(self, _input, _meta, content_length, _boundary, _encoding=None):
        if content_length > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes in one request")

    def receive_data_chunk(self, raw_data, _start):
        return raw_data

    def file_complete(self, _size):
        return None
