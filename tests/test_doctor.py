"""What the machine lacks is installed where the user may, and named in one line otherwise."""

import subprocess

import pytest

from config import doctor


@pytest.fixture
def apt(monkeypatch):
    """A machine whose apt-get is written down instead of run; `apt.brings` says what it would install."""

    class Apt:
        calls = ()
        brings = frozenset()
        here = frozenset({"pango"})

    def run(command, **_options):
        Apt.calls += (command,)
        Apt.here |= {package for package in command if package in Apt.brings}
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(doctor.subprocess, "run", run)
    monkeypatch.setattr(doctor, "apt_prefix", list)
    return Apt


def need(apt, package, loss=None):
    return (package, lambda: package in apt.here, loss)


def test_nothing_is_done_when_nothing_is_missing(apt, capsys):
    doctor.check_system([need(apt, "pango")])

    assert apt.calls == ()
    assert capsys.readouterr() == ("", "")


def test_what_is_missing_is_installed(apt):
    apt.brings = {"chromium"}

    doctor.check_system([need(apt, "pango"), need(apt, "chromium")])

    assert apt.calls[-1][:2] == ["apt-get", "install"]
    assert "chromium" in apt.calls[-1]
    assert "pango" not in apt.calls[-1]


def test_who_may_not_install_is_told_the_command_in_one_line(apt, monkeypatch):
    monkeypatch.setattr(doctor, "apt_prefix", lambda: None)

    with pytest.raises(SystemExit) as ended:
        doctor.check_system([need(apt, "pango"), need(apt, "chromium"), need(apt, "fonts")])

    assert ended.value.code == ("Missing on this machine: chromium fonts. Run: sudo apt-get install -y chromium fonts")
    assert apt.calls == ()


def test_what_can_be_done_without_is_only_told(apt, capsys):
    doctor.check_system([need(apt, "fonts", "rare characters are missing")])

    assert "fonts (rare characters are missing without)" in capsys.readouterr().err


def test_another_python_is_refused_with_the_command_that_brings_the_right_one():
    with pytest.raises(SystemExit, match=r"3\.11 is needed, this is 3\.13\. Run: sudo apt-get"):
        doctor.check_python(3, 13)


def test_a_link_to_a_foreign_environment_is_replaced_and_what_it_leads_to_is_spared(apt, tmp_path, monkeypatch):
    foreign, own = tmp_path / "foreign", tmp_path / ".venv"
    foreign.mkdir()
    (foreign / "requirements.sha256").write_text("theirs")
    own.symlink_to(foreign)
    for name, path in (("ROOT", tmp_path), ("VENV", own), ("STAMP", own / "requirements.sha256")):
        monkeypatch.setattr(doctor, name, path)
    monkeypatch.setattr(doctor.venv, "create", lambda path, **_options: path.mkdir())

    doctor.make_environment()

    assert (foreign / "requirements.sha256").read_text() == "theirs"
    assert not own.is_symlink() and (own / "requirements.sha256").read_text() == doctor.wanted()
