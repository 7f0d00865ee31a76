"""The catalogue of Chinese strings is read from the sources, filled in from JSON, and never loses a translation."""

import gettext
import json

import pytest

from config import catalogue


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small house of its own: one Python file, one template."""
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "PO", tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po")
    monkeypatch.setattr(catalogue, "MO", tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo")
    (tmp_path / "units").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "units" / "views.py").write_text(
        '_("Sign")\nngettext("%(n)s day", "%(n)s days", n)\npgettext("month", "May")\n_("Hello %(name)s")\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}{% translate "Return" %}{% blocktranslate trimmed %}\n  Due {{ day }}\n{% endblocktranslate %}'
    )
    return tmp_path


CHINESE = {
    "Sign": "签收",
    "%(n)s day": ["%(n)s 天"],
    "month\u0004May": "五月",
    "Hello %(name)s": "%(name)s,您好",
    "Return": "退回",
    "Due %(day)s": "%(day)s 到期",
}


def fill(house, chinese):
    (house / "zh.json").write_text(json.dumps(chinese))
    catalogue.run_fill([house / "zh.json"])


def test_every_string_of_python_and_templates_is_wanted(house, capsys):
    catalogue.run_missing()

    assert set(json.loads(capsys.readouterr().out)) == set(CHINESE)


def test_a_filled_catalogue_is_compiled_for_django(house):
    fill(house, CHINESE)

    with catalogue.MO.open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert catalogue.problems() == []
    assert chinese.ngettext("%(n)s day", "%(n)s days", 7) == "%(n)s 天"
    assert chinese.pgettext("month", "May") == "五月"


def test_a_string_without_chinese_is_a_problem(house):
    fill(house, CHINESE | {"Return": ""})

    assert catalogue.problems() == ["not translated: 'Return'"]


def test_a_lost_placeholder_is_a_problem(house):
    fill(house, CHINESE | {"Hello %(name)s": "%(nmae)s,您好"})

    assert catalogue.problems() == ["placeholders differ: '%(nmae)s,您好': 'Hello %(name)s'"]


def test_a_new_string_is_a_problem_until_it_is_extracted(house):
    fill(house, CHINESE)
    (house / "units" / "more.py").write_text('_("Park")')

    assert catalogue.problems() == ["not in the catalogue (run extract): 'Park'"]


def test_a_catalogue_edited_by_hand_must_be_compiled(house):
    fill(house, CHINESE)
    catalogue.PO.write_text(catalogue.PO.read_text().replace("签收", "签 收"))

    assert len(catalogue.problems()) == 1
    assert "is not compiled" in catalogue.problems()[0]


def test_filling_in_keeps_what_others_translated(house):
    fill(house, CHINESE)
    (house / "units" / "views.py").write_text("")

    fill(house, {"Return": "退回重改"})

    assert "签收" in catalogue.PO.read_text()


def test_extracting_drops_what_is_no_longer_used(house):
    fill(house, CHINESE)
    (house / "units" / "views.py").write_text("")

    catalogue.run_extract()

    assert "签收" not in catalogue.PO.read_text()


def test_an_unreadable_source_changes_nothing(house):
    fill(house, CHINESE)
    (house / "templates" / "page.html").write_text("{% load i18n %}{% blocktranslate %}{% if x %}Due")

    with pytest.raises(catalogue.UnreadableSource, match=r"page\.html"):
        catalogue.run_extract()

    assert "退回" in catalogue.PO.read_text()


def test_extracting_twice_changes_nothing(house):
    fill(house, CHINESE)
    before = catalogue.PO.read_bytes()

    catalogue.run_extract()

    assert catalogue.PO.read_bytes() == before
