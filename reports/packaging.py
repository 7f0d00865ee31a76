"""A package written and read back: files, catalogue and checksums into a ZIP, chunk by chunk.

Memory does not grow with the package. While one file is copied, a second thread reads back what was written before it
and compares it with the sealed hashes, so a package is finished only when it is right.
"""

import hashlib
import os
import queue
import shutil
import threading
import zipfile
import zlib
from datetime import datetime

from reports.package_names import CATALOGUE, SUMS

CHUNK = 256 * 1024
READABLE = 0o644 << 16  # as the ZIP's Unix half of the attributes
# Kinds that shrink; pictures, PDF and the newer office files are packed already.
SHRINKS = frozenset({"text/plain", "text/csv", "application/msword", "application/vnd.ms-excel"})


class NotAsHandedIn(Exception):
    """A file is missing, or is not what was sealed when it was handed in."""


def pack(facts, catalogue, target, *, open_original, told):
    """Write the package of `facts` to the open file `target`. Returns the SHA-256 of its checksum list.

    `catalogue` is the finished PDF; `open_original(entry)` opens the sealed file of an entry; `told(part)` is called
    with the part of the bytes that is done, 0 to 1. Raises `NotAsHandedIn`.
    """
    moment = datetime.fromisoformat(facts["made_at"])
    files = [entry for entry in facts["entries"] if not entry["see"]]
    sums = {CATALOGUE: hashlib.sha256(catalogue).hexdigest()} | {entry["path"]: entry["sha256"] for entry in files}
    done, whole = 0, facts["totals"]["size"] or 1
    with ReadBack(target.fileno()) as back, zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        add(archive, CATALOGUE, moment, catalogue, back, sums[CATALOGUE])
        for entry in files:
            copy(archive, entry, open_original, back)
            done += entry["size"]
            told(done / whole)
        text = checksum_list(sums).encode()
        proof = hashlib.sha256(text).hexdigest()
        add(archive, SUMS, moment, text, back, proof)
    target.flush()
    back.agree()
    return proof


def checksum_list(sums):
    """As `sha256sum -c` reads it."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sums.items())


def info_of(name, moment, *, shrinks=False):
    info = zipfile.ZipInfo(name, moment.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED if shrinks else zipfile.ZIP_STORED
    info.external_attr = READABLE
    return info


def add(archive, name, moment, content, back, sha256):
    info = info_of(name, moment, shrinks=name == SUMS)
    archive.writestr(info, content)
    back.follow(archive, info, sha256)


def copy(archive, entry, open_original, back):
    info = info_of(entry["path"], datetime.fromisoformat(entry["at"]), shrinks=entry["content_type"] in SHRINKS)
    info.file_size = entry["size"]  # zipfile asks it whether the long form is needed
    try:
        source = open_original(entry)
    except FileNotFoundError as error:
        raise NotAsHandedIn(f"missing: {entry['attachment']} for {entry['path']}") from error
    with source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, CHUNK)
    back.follow(archive, info, entry["sha256"])


class ReadBack(threading.Thread):
    """Reads behind the writer: hashes each entry as it lies in the file."""

    def __init__(self, fileno):
        super().__init__(daemon=True)
        self.fileno = fileno
        self.waiting, self.error = queue.Queue(maxsize=4), None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.waiting.put(None)
        self.join()

    def follow(self, archive, info, sha256):
        """One entry is written to its end: read it."""
        if self.error:
            raise self.error
        archive.fp.flush()
        end = archive.fp.tell()
        self.waiting.put((info.filename, info.compress_type, end - info.compress_size, end, sha256))

    def run(self):
        while (written := self.waiting.get()) is not None:
            try:
                if not self.error:
                    self.compare(*written)
            except Exception as error:  # the writer raises it: this thread has nobody to tell
                self.error = error

    def compare(self, name, compress_type, start, end, sha256):
        content = hashlib.sha256()
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if compress_type == zipfile.ZIP_DEFLATED else None
        for chunk in self.chunks(start, end):
            content.update(unpacker.decompress(chunk) if unpacker else chunk)
        if content.hexdigest() != sha256:
            raise NotAsHandedIn(f"changed: {name}")

    def chunks(self, start, end):
        while start < end:
            chunk = os.pread(self.fileno, min(CHUNK, end - start), start)
            if not chunk:
                raise OSError("the package is shorter than what was written")
            start += len(chunk)
            yield chunk

    def agree(self):
        """Raise what was wrong, once everything is read."""
        if self.error:
            raise self.error
