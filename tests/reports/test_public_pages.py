"""The door to the street: what is published and nothing else, the same for everybody who asks."""

import re

import pytest
from django.urls import reverse

from reports.disclosure import lay_down, publish
from tasks.models import Assignment

LIST = "/public/disclosures/"


@pytest.fixture(autouse=True)
def street_is_open(settings):
    settings.PUBLIC_DISCLOSURE = True


def address(row):
    return reverse("public:disclosure", args=[row.pk])


def test_a_published_edition_is_read_without_an_account(client, published, bureau):
    page = client.get(address(published))

    words = page.content.decode()
    assert page.status_code == 200
    assert published.title in words and bureau.name in words and "40.00%" in words


@pytest.mark.parametrize("row", ["list", "edition"])
def test_where_the_street_is_closed_there_is_nothing(client, published, settings, row):
    settings.PUBLIC_DISCLOSURE = False

    assert client.get(LIST if row == "list" else address(published)).status_code == 404


def test_a_draft_has_no_public_address(client, draft):
    assert client.get(address(draft)).status_code == 404


def test_the_list_holds_neither_drafts_nor_what_was_withdrawn(client, ledger, published, office):
    published.withdraw(by=office, note="有误")
    lay_down(ledger, by=office)

    assert list(client.get(LIST).context["editions"]) == []


def test_a_withdrawn_edition_says_so_at_its_address_and_shows_nothing_more(client, published, office, bureau):
    published.withdraw(by=office, note="经办人张三漏计")

    page = client.get(address(published))

    words = page.content.decode()
    assert (page.status_code, "撤回" in words) == (410, True)
    assert bureau.name not in words and "张三" not in words


def test_a_withdrawn_edition_leads_to_the_newest_one(client, ledger, published, office):
    published.withdraw(by=office, note="有误")
    newer = lay_down(ledger, by=office)
    publish(newer, by=office)

    assert address(newer) in client.get(address(published)).content.decode()


def test_an_older_edition_leads_to_the_newest_one(client, ledger, published, office):
    newer = lay_down(ledger, by=office)
    publish(newer, by=office)

    assert address(newer) in client.get(address(published)).content.decode()
    assert address(published) not in client.get(address(newer)).content.decode()


def test_what_happens_in_the_ledger_later_shows_nowhere(client, published, make_unit, city):
    before = client.get(address(published)).content
    asked = Assignment.objects.get()
    asked.task.assignments.create(unit=make_unit("新单位", parent=city), part="supporting")
    Assignment.objects.update(percent=90)

    assert client.get(address(published)).content == before


def test_no_person_is_named(client, published, office, lead, leader):
    words = client.get(address(published)).content.decode() + client.get(LIST).content.decode()

    assert not any(person.name in words for person in (office, lead, leader))


def test_the_page_may_be_kept_and_asked_for_again(client, published):
    first = client.get(address(published))

    again = client.get(address(published), headers={"if-none-match": first["ETag"]})

    assert {"public", "max-age=300"} == set(re.split(r",\s*", first["Cache-Control"]))
    assert not first.cookies
    assert again.status_code == 304


def test_everybody_gets_the_same_page(client, published, lead):
    stranger = client.get(address(published)).content
    client.force_login(lead)
    client.cookies["theme"], client.cookies["django_language"] = "dark", "en"

    assert client.get(address(published)).content == stranger


def test_the_language_is_part_of_the_address_and_of_the_links(client, published):
    page = client.get(address(published), {"language": "en"})

    words = page.content.decode()
    assert (page["Content-Language"], "Approved progress" in words) == ("en", True)
    assert f'{LIST}?language=en"' in words and f'href="{address(published)}"' in words


def test_an_unknown_language_is_chinese(client, published):
    assert client.get(address(published), {"language": "fr"}).content == client.get(address(published)).content


def test_the_street_only_reads(client, published):
    assert (client.post(address(published)).status_code, client.head(address(published)).status_code) == (405, 200)


def test_a_page_costs_the_street_few_queries(client, published, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(address(published))


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("phone", "en"), ("desktop", "zh-hans")])
def test_the_page_fits_the_phone_and_the_desk(browser_page, published, take_screenshot, size, language):
    page = browser_page(size)

    page.goto(f"{LIST}?language={language}")
    page.get_by_role("link", name=published.title).click()
    page.get_by_role("heading", level=1, name=published.title).wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    take_screenshot(page, f"{size}-{language}")


def test_a_unit_is_looked_for_in_the_language_of_the_page(client, published, bureau):
    page = client.get(address(published), {"language": "en", "q": "没有"}).content.decode()

    assert f"{address(published)}?language=en" in page
    assert '<input type="hidden" name="language" value="en">' in page
    assert bureau.name not in page
