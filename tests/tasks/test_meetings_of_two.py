"""Two people write the same meeting or the same decision: the later one sees what the first has kept."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tasks.models import Decision, Meeting
from tests.inspections.rivals import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(city):
    return Meeting.objects.create(
        unit=city, title="第一次调度会", held_on=date(2026, 3, 2), place="三楼会议室", chair="李明", minutes="原纪要"
    )


@pytest.fixture
def decision(meeting, office, bureau):
    return meeting.decide(by=office, text="清理占道经营", parts={bureau: "lead"}, deadline=date(2026, 4, 1))


@pytest.fixture
def open_form(office):
    """The form of a row as its page shows it; returns `send(**typed)`, which posts it with what was typed."""

    def open_form(name, row):
        person, address = Client(), reverse(f"tasks:{name}", args=[row.pk])
        person.force_login(office)
        form = person.get(address).context["form"]
        shown = {field: form[field].value() for field in form.fields}
        shown = {field: value for field, value in shown.items() if value is not None and field != "paper"}
        return lambda **typed: person.post(address, shown | typed)

    return open_form


@pytest.mark.parametrize(
    ("field", "theirs", "ours"),
    [
        ("title", "第二次调度会", "第三次调度会"),
        ("place", "二楼", "一楼"),
        ("held_on", "2026-03-03", "2026-03-04"),
        ("chair", "王芳", "张强"),
        ("kind", "joint", "command"),
        ("minutes", "别人的纪要", "新的纪要"),
    ],
)
def test_each_fact_of_a_meeting_that_another_kept_meanwhile_is_shown_and_not_lost(
    open_form, meeting, field, theirs, ours
):
    other, own = open_form("meeting-edit", meeting), open_form("meeting-edit", meeting)
    other(**{field: theirs})

    answer = own(**{field: ours})

    form = answer.context["form"]
    kept = Meeting.objects.filter(pk=meeting.pk, **{field: theirs})
    assert (answer.status_code, list(form.errors), kept.exists()) == (422, [field], True)
    assert form[field].value() == ours and form.standing(field) in form.errors[field][0]


def test_who_attended_by_anothers_words_is_told_by_name(open_form, meeting, bureau, other_bureau):
    other, own = open_form("meeting-edit", meeting), open_form("meeting-edit", meeting)
    other(attending=[f"unit-{bureau.pk}"])

    answer = own(attending=[f"unit-{other_bureau.pk}"])

    assert "“市城管局”" in answer.context["form"].errors["attending"][0]
    assert list(meeting.attending.all()) == [bureau]


def test_two_who_change_different_facts_of_a_meeting_are_told_before_one_is_lost(open_form, meeting):
    other, own = open_form("meeting-edit", meeting), open_form("meeting-edit", meeting)
    other(place="二楼")

    assert list(own(minutes="新的纪要").context["form"].errors) == ["place"]


def test_anothers_file_is_not_replaced_unseen(open_form, meeting):
    other, own = open_form("meeting-edit", meeting), open_form("meeting-edit", meeting)
    other(paper=SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%%EOF\n"))

    answer = own(paper=SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%other\n%%EOF\n"))

    assert "纪要.pdf" in answer.context["form"].errors["paper"][0]


def test_words_kept_once_more_are_meant(open_form, meeting):
    other, own = open_form("meeting-edit", meeting), open_form("meeting-edit", meeting)
    other(minutes="别人的纪要")
    seen = own(minutes="新的纪要").context["form"]["seen"].value()

    assert own(minutes="新的纪要", seen=seen).status_code == 302
    meeting.refresh_from_db()
    assert meeting.minutes == "新的纪要"


@pytest.mark.parametrize(("field", "theirs"), [("text", "别的事"), ("deadline", "2026-05-01"), ("lead", "other")])
def test_a_decision_that_another_said_otherwise_is_shown_beside_the_own_words(
    open_form, decision, other_bureau, field, theirs
):
    other, own = open_form("decision-edit", decision), open_form("decision-edit", decision)
    theirs = other_bureau.pk if theirs == "other" else theirs
    other(**{field: theirs})

    answer = own(text="清理人民路")

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert form.standing(field) in form.errors[field][0] and form["text"].value() == "清理人民路"
    assert Decision.objects.filter(**{"units" if field == "lead" else field: theirs}).exists()


def test_a_decision_kept_once_more_is_meant(open_form, decision, bureau):
    other, own = open_form("decision-edit", decision), open_form("decision-edit", decision)
    other(text="别的事")
    seen = own(text="清理人民路").context["form"]["seen"].value()

    assert own(text="清理人民路", seen=seen).status_code == 302
    decision.refresh_from_db()
    assert (decision.text, decision.parts) == ("清理人民路", {bureau: "lead"})


def test_a_decision_deleted_meanwhile_is_a_conflict(open_form, decision, office, monkeypatch):
    own, plain = open_form("decision-edit", decision), Meeting.must_edit

    def drop_then_look(self, user):  # somebody deletes it after our page has found it
        Decision.objects.filter(pk=decision.pk).delete()
        plain(self, user)

    monkeypatch.setattr(Meeting, "must_edit", drop_then_look)

    assert own(text="清理人民路").status_code == 409


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_the_second_waits_and_sees_to_whom_the_first_has_given_it(
        self, open_form, decision, office, bureau, other_bureau
    ):
        own, words = open_form("decision-edit", decision), {"text": decision.text, "deadline": decision.deadline}

        has_waited, rival = race(
            lambda: decision.change(by=office, parts={other_bureau: "lead"}, **words),
            lambda: own(text="清理人民路"),
        )

        assert (has_waited, rival.result.status_code) == (True, 422)
        assert list(rival.result.context["form"].errors) == ["lead"]

    def test_without_the_lock_of_the_form_the_second_would_take_it_away_again(
        self, open_form, decision, office, bureau, other_bureau, monkeypatch
    ):
        """The counter-proof: read before the first has committed, its units look unchanged."""
        own, words = open_form("decision-edit", decision), {"text": decision.text, "deadline": decision.deadline}
        monkeypatch.setattr("units.forms.versions.VersionedForm.read_anew", lambda *_args: None)

        _waited, rival = race(
            lambda: decision.change(by=office, parts={other_bureau: "lead"}, **words),
            lambda: own(text="清理人民路"),
        )

        assert rival.result.status_code == 302
        assert Decision.objects.get().parts == {bureau: "lead"}
