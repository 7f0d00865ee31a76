"""Rules of duty: which tasks they fit, what they propose, and which rules a ledger speaks for."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from tasks import duty_rules
from tasks.models import DutyRule, Task
from units.models import UnitKind
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_rule(city):
    def make(words, *units, part="responsible", kind=None):
        rule = DutyRule.objects.create(unit=city, words=words, part=part, kind=kind)
        rule.units.set(units)
        return rule

    return make


@pytest.fixture
def streets(make_unit, city):
    return [make_unit(f"街道{n}", parent=city, kind="街道乡镇") for n in range(3)]


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("Ⅱ-5", True),
        ("II-5-3)", True),
        ("Ⅱ-53", False),
        ("Ⅲ-5", False),
        ("农贸市场", True),
        ("农贸市场 秩序", True),
        ("农贸市场 照明", False),
    ],
)
def test_words_fit_a_task_by_its_code_or_by_what_it_says(words, fits):
    task = Task(number="Ⅱ-5-3)", title="规范农贸市场", requirement="秩序良好")

    assert DutyRule(words=words).fits(task) == fits


def test_a_code_does_not_fit_a_longer_number():
    assert not DutyRule(words="Ⅱ-5").fits(Task(number="Ⅱ-53-1)", title="公园"))


def test_the_same_rule_stands_once(make_rule, bureau):
    make_rule("农贸市场", bureau)

    with pytest.raises(IntegrityError, match="tasks_rule_once"):
        make_rule("农贸市场")


@pytest.fixture
def propose(client, office, ledger):
    """What the rules propose, as the page shows it: title → {unit: part}."""
    client.force_login(office)

    def propose():
        plan = client.get(reverse("tasks:by-rules", args=[ledger.pk])).context["plan"]
        return plan, {row.task.title: {str(one.unit): one.after.part for one in row.changes} for row in plan.rows}

    return propose


def test_tasks_that_nobody_has_get_a_proposal(propose, make_rule, make_task, give, bureau, other_bureau, streets):
    make_rule("农贸市场", bureau, part="lead")
    make_rule("农贸市场", part="supporting", kind=streets[0].kind)
    make_task("规范农贸市场")
    make_task("公园照明")
    give(make_task("农贸市场消防"), other_bureau)

    _plan, found = propose()

    supporting = {"街道0": "supporting", "街道1": "supporting", "街道2": "supporting"}
    assert found == {"规范农贸市场": {"市城管局": "lead", **supporting}, "公园照明": {}}


def test_two_rules_that_lead_make_one_lead(propose, make_rule, make_task, bureau, other_bureau):
    make_rule("农贸市场", bureau, part="lead")
    make_rule("市场", other_bureau, part="lead")
    make_task("规范农贸市场")

    assert sorted(propose()[1]["规范农贸市场"].values()) == ["lead", "responsible"]


def test_a_unit_that_has_ended_is_not_proposed(propose, make_rule, make_task, make_unit, city):
    make_rule("农贸市场", make_unit("老局", parent=city, valid_until="2021-01-01"))
    make_task("规范农贸市场")

    assert propose()[1] == {"规范农贸市场": {}}


def test_proposals_are_taken_over_only_when_they_are_ticked(client, propose, ledger, make_rule, make_task, bureau):
    make_rule("市场", bureau)
    wanted, other = make_task("规范农贸市场"), make_task("建材市场")
    plan, _found = propose()
    assert not wanted.assignments.exists()

    seen = [f"{row.pk}:{row.version}" for row in plan.ready]
    client.post(reverse("tasks:by-rules-confirm", args=[ledger.pk]), {"selected": [wanted.pk], "seen": seen})

    assert (wanted.assignments.count(), other.assignments.count()) == (1, 0)


def test_a_rule_changed_since_the_look_is_looked_at_again(client, propose, ledger, make_rule, make_task, bureau):
    rule, task = make_rule("市场", bureau), make_task("规范农贸市场")
    [row] = propose()[0].ready
    DutyRule.objects.filter(pk=rule.pk).update(part="lead")

    sent = {"selected": [task.pk], "seen": [f"{row.pk}:{row.version}"]}
    answer = client.post(reverse("tasks:by-rules-confirm", args=[ledger.pk]), sent)

    assert answer.status_code == 409
    assert not task.assignments.exists()


# --- rules from a ledger ---


def test_a_ledger_speaks_for_rules(ledger, make_task, give, bureau, other_bureau, streets):
    for n in (1, 2, 3):
        task = make_task(f"第{n}项", number=f"Ⅱ-5-{n})")
        give(task, bureau, part="lead")
        give(task, *streets)
    give(task, other_bureau, part="supporting")

    found = [(one.words, one.part, str(one.kind or one.units[0]), one.fits) for one in duty_rules.propose(ledger)]

    assert found == [("Ⅱ-5", "lead", "市城管局", 3), ("Ⅱ-5", "responsible", "街道乡镇", 3)]


def test_kinds_of_places_speak_too(ledger, make_task, give, bureau):
    for words in ("规范农贸市场", "农贸市场消防"):
        give(make_task(words), bureau, part="lead")

    assert [one.words for one in duty_rules.propose(ledger)] == ["农贸市场"]


def test_the_chosen_rules_are_kept_once(client, office, ledger, make_task, give, bureau):
    for words in ("规范农贸市场", "农贸市场消防"):
        give(make_task(words), bureau, part="lead")
    client.force_login(office)
    address = reverse("tasks:rules-propose", args=[ledger.pk])
    [one] = client.get(address).context["found"]

    for _twice in range(2):
        client.post(address, {"selected": [one.pk]})

    rule = DutyRule.objects.get()
    assert (rule.words, rule.part, list(rule.units.all())) == ("农贸市场", "lead", [bureau])
    assert duty_rules.propose(ledger) == []


# --- the list of an office ---


def test_the_office_writes_changes_and_deletes_a_rule(client, office, bureau, other_bureau):
    client.force_login(office)
    words = {"words": "农贸市场", "part": "lead"}

    client.post(reverse("tasks:rule-new"), words | {"pick": [f"unit-{bureau.pk}"]})
    rule = DutyRule.objects.get()
    client.post(rule.get_absolute_url(), words | {"pick": [f"unit-{other_bureau.pk}"]})
    assert list(rule.units.all()) == [other_bureau]
    assert "农贸市场" in client.get(reverse("tasks:rules")).content.decode()

    client.post(reverse("tasks:rule-delete", args=[rule.pk]))
    assert not DutyRule.objects.exists()


@pytest.mark.parametrize("wrong", [{"pick": []}, {"words": ""}, {"kind": "other"}, {"pick": "both"}, {"words": "医院"}])
def test_a_rule_that_cannot_be_is_refused(client, office, make_rule, bureau, other_bureau, wrong):
    make_rule("医院", bureau, part="lead")
    client.force_login(office)
    meant = {"other": UnitKind.objects.create(name="学校").pk, "both": [f"unit-{bureau.pk}", f"unit-{other_bureau.pk}"]}
    words = {"words": "农贸市场", "part": "lead", "pick": [f"unit-{bureau.pk}"]} | wrong
    sent = {name: meant.get(value, value) if isinstance(value, str) else value for name, value in words.items()}

    assert client.post(reverse("tasks:rule-new"), sent).status_code == 422


def test_the_second_of_two_editors_of_a_rule_sees_what_the_first_has_saved(client, office, make_rule, bureau):
    rule = make_rule("农贸市场", bureau)
    client.force_login(office)
    seen = client.get(rule.get_absolute_url()).context["form"]["seen"].value()
    mine = {"words": "农贸市场 秩序", "part": "responsible", "pick": [f"unit-{bureau.pk}"], "seen": seen}
    DutyRule.objects.filter(pk=rule.pk).update(words="集贸市场")

    answer = client.post(rule.get_absolute_url(), mine)

    assert answer.status_code == 422
    assert "集贸市场" in "".join(answer.context["form"].errors["words"])
    assert DutyRule.objects.get().words == "集贸市场"


def test_another_citys_rules_are_not_seen(client, make_rule, bureau, make_unit, make_member):
    rule = make_rule("农贸市场", bureau)
    client.force_login(make_member(make_unit("别市"), Role.OFFICE))

    assert client.get(rule.get_absolute_url()).status_code == 404
    assert "农贸市场" not in client.get(reverse("tasks:rules")).content.decode()
