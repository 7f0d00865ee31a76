"""What the machine must give before anything of ours runs: system packages and the virtual environment.

Run by the system's Python, so only the standard library may be imported: `python3.11 config/doctor.py run|test|lint`.
What is missing is installed by apt where the user may; otherwise one line names it and the command that brings it.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
STAMP = VENV / "requirements.sha256"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def has_library(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(pattern):
    return any(next(Path(folder).expanduser().rglob(pattern), None) for folder in FONT_FOLDERS)


def has_venv():
    return importlib.util.find_spec("ensurepip") is not None


# Each line: the Debian package, how to see that it is there, what is lost without it (None: nothing works without it).
FOR_ALL = [
    (f"python3.{sys.version_info.minor}-venv", has_venv, None),
    ("libpango-1.0-0", lambda: has_library("libpango-1.0.so.0"), None),
    ("libpangoft2-1.0-0", lambda: has_library("libpangoft2-1.0.so.0"), None),
    ("libmagic1", lambda: has_library("libmagic.so.1"), None),
    ("libharfbuzz-subset0", lambda: has_library("libharfbuzz-subset.so.0"), "PDF files are made slowly"),
    ("fonts-noto-cjk", lambda: has_font("NotoSerifCJK*"), "rare characters are missing in PDF files"),
]
FOR_TESTS = [
    ("chromium", lambda: any(map(shutil.which, BROWSERS)), None),
]


def missing(needs):
    return [(package, loss) for package, is_there, loss in needs if not is_there()]


def apt_prefix():
    """How this user may call apt-get, or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "apt-get", "--version"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages):
    """Try apt; whether it worked is seen by looking again."""
    prefix = apt_prefix()
    if prefix is None:
        return
    print(f"Installing with apt: {' '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(
            [*prefix, "apt-get", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def check_system(needs):
    """Have the packages, or say in one line what to do; end only if nothing works without one."""
    if packages := [package for package, _loss in missing(needs)]:
        install(packages)
    still = missing(needs)
    if not still:
        return
    names = " ".join(package for package, _loss in still)
    losses = "; ".join(loss for _package, loss in still if loss)
    line = f"Missing on this machine: {names}. Run: sudo apt-get install -y {names}"
    if all(loss for _package, loss in still):
        print(f"{line} ({losses} without)", file=sys.stderr)
    else:
        sys.exit(line)


def check_python(major, minor):
    if (major, minor) != (3, 11):
        sys.exit(
            f"Python 3.11 is needed, this is {major}.{minor}. Run: sudo apt-get install -y python3.11 python3.11-venv"
        )


def wanted():
    return hashlib.sha256(b"".join(path.read_bytes() for path in REQUIREMENTS)).hexdigest()


def is_ready():
    return is_sound() and STAMP.exists() and STAMP.read_text() == wanted()


def is_sound():
    """Whether the environment was made at this place (its scripts know their folder) for this Python, to the end."""
    try:
        made = (VENV / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return False
    version = ".".join(map(str, sys.version_info[:3]))
    pip = any(VENV.glob("lib/python*/site-packages/pip/__main__.py"))
    here = any(line.startswith("command = ") and line.endswith(str(VENV)) for line in made)
    return pip and here and f"version = {version}" in made and (VENV / "bin" / "python").exists()


def make_environment():
    """The virtual environment with the pinned packages; nothing is done when both are as they were."""
    if is_ready():
        return
    with (ROOT / ".venv.lock").open("w") as lock:  # two first starts side by side
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready():
            return
        print("Preparing .venv (a minute the first time)", flush=True)
        if VENV.is_symlink():  # somebody else's: the link goes, what it leads to is left alone
            VENV.unlink()
        STAMP.unlink(missing_ok=True)
        if not is_sound():
            venv.create(VENV, with_pip=True, clear=True)
        files = [part for path in REQUIREMENTS for part in ("-r", str(path))]
        pip = [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-qq"]
        if subprocess.run([*pip, *files]).returncode:
            sys.exit("The pinned packages could not be installed: see above, mend it, and run the same command again")
        STAMP.write_text(wanted())


def main():
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    check_python(*sys.version_info[:2])
    if purpose != "lint":
        check_system(FOR_ALL + (FOR_TESTS if purpose == "test" else []))
    elif not has_venv():
        check_system(FOR_ALL[:1])
    make_environment()


if __name__ == "__main__":
    main()
