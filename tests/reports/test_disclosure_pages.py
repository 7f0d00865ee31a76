"""The pages of a disclosure in the house: looked at, laid down, published, taken back, downloaded."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.disclosure import lay_down, publish
from reports.jobs import make_file
from reports.models import Disclosure
from tasks.models import Ledger
from units.roles import Role
from units.spreadsheets import read_sheets


@pytest.fixture
def withdrawn(published, office):
    published.withdraw(by=office, note="漏计一个单位")
    return published


@pytest.fixture
def at_office(client, office):
    client.force_login(office)
    return client


def test_the_preview_lays_nothing_down(at_office, ledger):
    page = at_office.get(reverse("reports:disclosure-new", args=[ledger.pk]))

    assert "40.00%" in page.content.decode()
    assert not Disclosure.objects.exists()


def test_sent_it_is_laid_down_as_a_draft_under_its_title(at_office, ledger, city):
    address = reverse("reports:disclosure-new", args=[ledger.pk])

    answer = at_office.post(address, {"title": "第三季度任务公示"})

    made = Disclosure.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.state, made.unit, made.title, made.data["title"]) == ("draft", city, "第三季度任务公示", made.title)


def test_without_a_title_the_preview_is_shown_again(at_office, ledger):
    answer = at_office.post(reverse("reports:disclosure-new", args=[ledger.pk]), {"title": " "})

    assert answer.status_code == 422
    assert not Disclosure.objects.exists()


def test_a_ledger_that_asks_nothing_is_not_disclosed(at_office, ledger):
    ledger.tasks.all().delete()

    answer = at_office.post(reverse("reports:disclosure-new", args=[ledger.pk]), {"title": "公示"})

    assert answer.status_code == 422
    assert "没有可公示的内容" in answer.content.decode()


def test_the_preview_tells_what_moved_since_the_last_edition(at_office, ledger, published, make_assignment, bureau):
    make_assignment(title="新任务", state="completed", percent=100, completed_at=timezone.now())

    page = at_office.get(reverse("reports:disclosure-new", args=[ledger.pk])).content.decode()

    assert "与第1期" in page
    assert "1 → <strong>2</strong>" in page


@pytest.mark.parametrize(("role", "expected"), [(Role.OFFICE, 200), (Role.LEADER, 200), (Role.INSPECTOR, 404)])
def test_a_draft_is_seen_by_office_and_leaders(status, draft, city, make_member, role, expected):
    assert status(make_member(city, role), "disclosure", draft.pk) == expected


def test_a_draft_is_hidden_from_the_units(status, draft, lead):
    assert status(lead, "disclosure", draft.pk) == 404


@pytest.mark.parametrize("role", [Role.UNIT_LEAD, Role.UNIT_STAFF])
def test_a_published_one_is_read_by_every_unit(status, published, other_bureau, make_member, role):
    assert status(make_member(other_bureau, role), "disclosure", published.pk) == 200


def test_one_of_another_city_is_unknown(status, published, make_unit, make_member):
    stranger = make_member(make_unit("另一个市", kind="市"), Role.OFFICE)

    assert status(stranger, "disclosure", published.pk) == 404


def test_publishing_asks_once_before_it_happens(status, draft, office):
    assert status(office, "disclosure-publish", draft.pk) == 200

    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(("is_open", "words"), [(True, "不需要账号"), (False, "未开放公示网页")])
def test_publishing_says_first_who_will_read_it(at_office, draft, settings, is_open, words):
    settings.PUBLIC_DISCLOSURE = is_open

    assert words in at_office.get(reverse("reports:disclosure-publish", args=[draft.pk])).content.decode()


@pytest.mark.parametrize(("role", "expected"), [(Role.OFFICE, 302), (Role.LEADER, 403)])
def test_only_the_office_publishes(status, draft, city, make_member, role, expected):
    assert status(make_member(city, role), "disclosure-publish", draft.pk, post=True) == expected


def test_published_twice_is_a_conflict(status, published, office):
    assert status(office, "disclosure-publish", published.pk, post=True) == 409


def test_older_facts_after_newer_ones_are_a_conflict_that_was_foretold(at_office, ledger, draft, office):
    publish(lay_down(ledger, by=office), by=office)
    address = reverse("reports:disclosure-publish", args=[draft.pk])

    assert "无法公布" in at_office.get(address).content.decode()
    assert at_office.post(address).status_code == 409


def test_withdrawing_needs_a_reason(status, published, office):
    assert status(office, "disclosure-withdraw", published.pk, post=True, note=" ") == 422
    assert status(office, "disclosure-withdraw", published.pk, post=True, note="有误") == 302


def test_a_withdrawn_one_says_so_and_shows_units_no_figures(client, withdrawn, lead):
    client.force_login(lead)

    page = client.get(withdrawn.get_absolute_url()).content.decode()

    assert "已撤回" in page and "漏计一个单位" in page
    assert "40.00%" not in page


@pytest.mark.parametrize("door", ["disclosure-file", "disclosure-sheet", "disclosure-progress"])
def test_the_files_of_a_withdrawn_one_are_kept_from_the_units(status, withdrawn, lead, office, door):
    make_file(withdrawn.jobs.get().pk, "reports.DisclosureJob")

    assert (status(lead, door, withdrawn.pk), status(office, door, withdrawn.pk)) == (403, 200)


def test_the_paper_is_handed_out_once_it_is_made(client, published, lead):
    client.force_login(lead)
    address = reverse("reports:disclosure-file", args=[published.pk])
    before = client.get(address).status_code

    make_file(published.jobs.get().pk, "reports.DisclosureJob")

    assert before == 404
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")


def test_a_unit_does_not_ask_for_papers(status, published, lead):
    assert status(lead, "disclosure-make-file", published.pk, post=True) == 403


def test_a_draft_can_be_printed_before_it_is_published(status, draft, office):
    assert status(office, "disclosure-make-file", draft.pk, post=True) == 302
    assert draft.jobs.get().state == "queued"


def test_the_workbook_holds_the_numbers_of_the_page(client, published, lead, bureau):
    client.force_login(lead)

    answer = client.get(reverse("reports:disclosure-sheet", args=[published.pk]))

    sheet = next(iter(read_sheets(BytesIO(b"".join(answer.streaming_content)))))
    rows = [[str(value) for value in row.values()] for _number, row in sheet.rows()]
    assert ["市直部门组", bureau.name, "1", "0", "1", "0", "0", "40"] in rows
    assert rows[-1] == ["合计", "1", "0", "1", "0", "0", "40"]


def test_a_page_costs_the_same_queries_for_any_number_of_units(
    queries_of, office, ledger, published, make_assignment, make_unit, city
):
    before = queries_of(office, published.get_absolute_url())
    for _ in range(3):
        make_assignment(make_unit(parent=city, peer_group="甲组"))
    second = lay_down(ledger, by=office)
    publish(second, by=office)

    assert queries_of(office, second.get_absolute_url()) == before <= 20


def test_the_list_shows_what_may_be_seen(client, ledger, published, office, lead):
    lay_down(ledger, by=office)
    seen = {}
    for user in (office, lead):
        client.force_login(user)
        seen[user] = client.get(reverse("reports:disclosures")).context["listing"].count

    assert (seen[office], seen[lead]) == (2, 1)


@pytest.mark.parametrize(("who", "is_shown"), [("office", True), ("leader", False), ("lead", False)])
def test_the_ledger_leads_there_for_its_office(client, ledger, request, who, is_shown):
    client.force_login(request.getfixturevalue(who))

    page = client.get(ledger.get_absolute_url()).content.decode()

    assert (reverse("reports:disclosure-new", args=[ledger.pk]) in page) == is_shown


@pytest.mark.parametrize(("who", "is_shown"), [("office", True), ("leader", False), ("lead", False)])
def test_the_list_offers_its_office_a_new_edition(client, published, request, who, is_shown):
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("reports:disclosures")).content.decode()

    assert (reverse("reports:disclosure-choose") in page) == is_shown


def test_the_only_ledger_needs_no_choice(at_office, ledger):
    answer = at_office.get(reverse("reports:disclosure-choose"))

    assert answer.url == reverse("reports:disclosure-new", args=[ledger.pk])


def test_of_several_ledgers_one_is_chosen(at_office, ledger, make_unit):
    other = Ledger.objects.create(unit=ledger.unit, name="专项台账", year=ledger.year)
    strange = Ledger.objects.create(unit=make_unit("另一个市", kind="市"), name="他市台账", year=ledger.year)

    page = at_office.get(reverse("reports:disclosure-choose")).content.decode()

    offered = [reverse("reports:disclosure-new", args=[one.pk]) in page for one in (ledger, other, strange)]
    assert offered == [True, True, False]


def test_the_edition_before_is_not_called_a_trial(at_office, ledger, published, make_assignment):
    make_assignment(title="新任务")

    page = at_office.get(reverse("reports:disclosure-new", args=[ledger.pk])).content.decode()

    assert "查看第1期" in page
    assert "试算" not in page


# --- many units ---


@pytest.fixture
def many(ledger, make_assignment, make_unit, city):
    """The ledger with 25 units more, in two peer groups."""
    for n in range(25):
        make_assignment(make_unit(f"第{n}中学", parent=city, peer_group="学校组" if n % 2 else "医院组"))
    return ledger


def folds_of(page):
    return [found.endswith(" open>") for found in re.findall(r'<details class="[^"]*disclosed"[^>]*>', page)]


def test_the_groups_of_many_units_are_folded(at_office, many):
    page = at_office.get(reverse("reports:disclosure-new", args=[many.pk])).content.decode()

    assert folds_of(page) == [False, False, False]


def test_the_groups_of_a_few_units_are_open(at_office, ledger):
    page = at_office.get(reverse("reports:disclosure-new", args=[ledger.pk])).content.decode()

    assert folds_of(page) == [True]


def test_a_unit_is_found_by_its_name_beside_the_sums_of_its_whole_group(at_office, many):
    answer = at_office.get(reverse("reports:disclosure-new", args=[many.pk]), {"q": "第1 中学"})

    [group] = answer.context["groups"]
    assert folds_of(answer.content.decode()) == [True]
    assert ([row["name"] for row in group["rows"]], group["sums"]["units"]) == (["第1中学"], 12)


def test_a_name_that_no_unit_has_leads_back_to_all(at_office, many):
    address = reverse("reports:disclosure-new", args=[many.pk])

    page = at_office.get(address, {"q": "没有"}).content.decode()

    assert folds_of(page) == []
    assert "没有名称相符的单位" in page and f'href="{address}"' in page
