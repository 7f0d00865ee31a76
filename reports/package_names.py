"""Names in a package that every office computer can open. Pure.

Windows refuses some letters and names, forgets dots and spaces at the end, and takes large letters for small ones; its
explorer gives up on paths of more than 260 letters, of which the folder that a package is unpacked in takes a part.
"""

import re
import unicodedata
from pathlib import PurePosixPath

CATALOGUE, SUMS = "00 资料目录.pdf", "SHA256SUMS"
LONGEST = 60  # letters of one name
MOST_BYTES = 200  # of one name in UTF-8: other systems count these, and take 255
REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def safe(name, *, otherwise="_"):
    """`name` as the name of one file or folder, without its extension if it is a file's."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    name = "".join(letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = REFUSED.sub("_", name).strip(" .")
    name = f"_{name}" if DEVICES.match(name) else name
    name = name[:LONGEST]
    while len(name.encode()) > MOST_BYTES:
        name = name[:-1]
    return name.rstrip(" .") or otherwise


class Names:
    """Paths given out one after the other, no two the same for a computer that takes large letters for small ones."""

    def __init__(self, *taken):
        self.taken = {name.casefold() for name in taken}

    def give(self, folders, name, extension):
        """The path `folders/name.extension`, with a number behind the name where it is taken."""
        folder = PurePosixPath(*map(safe, folders))
        stem, n = safe(name), 1
        path = str(folder / f"{stem}{extension}")
        while path.casefold() in self.taken:
            n += 1
            path = str(folder / f"{stem} ({n}){extension}")
        self.taken.add(path.casefold())
        return path
