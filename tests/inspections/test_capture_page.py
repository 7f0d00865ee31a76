"""The phone page over HTTP: what it shows, what it answers, and that the same sending gets the same answer."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inspections.models import Answer, Finding, FindingPhoto, Visit
from inspections.seeds import seed_checklist
from tests.inspections.conftest import jpeg

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
LIMIT = 100 * 1024


@pytest.fixture
def phone(client, inspector):
    client.force_login(inspector)
    return client


@pytest.fixture
def page(stop):
    return reverse("inspections:capture", args=[stop.pk])


@pytest.fixture
def save_url(stop):
    return reverse("inspections:finding-save", args=[stop.pk])


def answer(response):
    return response.status_code, response.content, response.get("Location")


def test_the_page_shows_deduction_and_deadline_before_saving(phone, page, checklist_item):
    html = phone.get(page).content.decode()

    assert checklist_item.text in html
    assert 'data-each="0.50"' in html
    assert "3 个工作日" in html


def test_saving_leads_to_the_next_item(phone, save_url, page, make_entry, form_of, checklist_item):
    response = phone.post(save_url, form_of(make_entry()))

    assert response.headers["Location"] == f"{page}#after-{checklist_item.pk}"


@pytest.mark.parametrize("headers", [{}, JSON], ids=["plain", "script"])
def test_the_second_answer_equals_the_first_byte_for_byte(phone, save_url, make_entry, form_of, headers):
    sent = form_of(make_entry())

    first, second = (answer(phone.post(save_url, sent, **headers)) for _ in range(2))

    assert first == second
    assert Finding.objects.count() == 1


def test_the_answer_stays_the_same_after_the_item_was_given_to_another_unit(
    phone, save_url, make_entry, form_of, office, other_bureau
):
    sent = form_of(make_entry())
    first = answer(phone.post(save_url, sent, **JSON))
    Finding.objects.update(unit=other_bureau)

    assert answer(phone.post(save_url, sent, **JSON)) == first


@pytest.mark.parametrize("headers", [{}, JSON], ids=["plain", "script"])
def test_another_content_under_the_same_uuid_is_a_conflict(phone, save_url, make_entry, form_of, headers):
    first = make_entry()
    phone.post(save_url, form_of(first))

    response = phone.post(save_url, form_of(make_entry(uuid=first.uuid, text="流动摊贩")), **headers)

    assert response.status_code == 409
    assert Finding.objects.get().text == "摊位外溢"


def test_the_page_of_a_conflict_keeps_both(phone, save_url, make_entry, form_of):
    first = make_entry()
    phone.post(save_url, form_of(first))

    html = phone.post(save_url, form_of(make_entry(uuid=first.uuid, text="流动摊贩"))).content.decode()

    assert "摊位外溢" in html
    assert 'value="流动摊贩"' in html


def test_a_form_without_words_shows_the_sheet_again(phone, save_url, make_entry, form_of, checklist_item):
    response = phone.post(save_url, form_of(make_entry(text=""), count=7))

    assert response.status_code == 422
    assert re.search(rf'id="item-{checklist_item.pk}".*?<details open>.*?value="7"', response.content.decode(), re.S)


def test_the_script_is_told_what_is_wrong(phone, save_url, make_entry, form_of):
    response = phone.post(save_url, form_of(make_entry(text="")), **JSON)

    assert (response.status_code, len(response.json()["problems"])) == (422, 1)


def test_a_unit_that_does_not_answer_for_the_place_is_refused(phone, save_url, make_entry, form_of, other_bureau):
    assert phone.post(save_url, form_of(make_entry(unit=other_bureau))).status_code == 422


def test_a_joint_unit_can_be_named(phone, save_url, make_entry, form_of, stop, bureau, other_bureau):
    stop.place.set_responsible(bureau, [other_bureau])

    phone.post(save_url, form_of(make_entry(unit=other_bureau)))

    assert Finding.objects.get().rectification.unit == other_bureau


def test_photos_come_with_the_plain_form(phone, save_url, make_entry, form_of):
    sent = form_of(make_entry(), photos=[jpeg("red"), jpeg("blue")])

    phone.post(save_url, sent)

    assert Finding.objects.get().finding_photos.count() == 2


def test_photos_of_a_form_sent_twice_are_kept_once(phone, save_url, make_entry, form_of):
    entry = make_entry()

    for _ in range(2):
        phone.post(save_url, form_of(entry, photos=[jpeg("red")]))

    assert FindingPhoto.objects.count() == 1


def test_a_late_photo_joins_its_finding(phone, save_url, make_entry, form_of):
    saved = phone.post(save_url, form_of(make_entry()), **JSON).json()
    photo = uuid4()

    first, second = (answer(phone.post(saved["photo_url"], {"uuid": photo, "photo": jpeg()})) for _ in range(2))

    assert (first[0], first) == (201, second)
    assert FindingPhoto.objects.get().finding_id == saved["id"]


def test_another_photo_under_the_same_uuid_is_a_conflict(phone, save_url, make_entry, form_of):
    url, photo = phone.post(save_url, form_of(make_entry()), **JSON).json()["photo_url"], uuid4()
    phone.post(url, {"uuid": photo, "photo": jpeg("red")})

    assert phone.post(url, {"uuid": photo, "photo": jpeg("blue")}).status_code == 409


def test_only_the_finder_adds_photos(phone, client, save_url, make_entry, form_of, office):
    url = phone.post(save_url, form_of(make_entry()), **JSON).json()["photo_url"]
    client.force_login(office)

    assert client.post(url, {"uuid": uuid4(), "photo": jpeg()}).status_code == 403


def test_what_is_still_open_here_is_shown_before_it_is_written_twice(phone, page, stop, make_item, make_finding):
    make_item(finding=make_finding(place=stop.place, text="占道修车"))

    assert "占道修车" in phone.get(page).content.decode()


def test_an_item_is_set_aside_by_its_button(phone, stop, make_entry, form_of, checklist_item):
    phone.post(reverse("inspections:item-aside", args=[stop.pk]), form_of(make_entry(), applies="no"))

    assert Answer.objects.get().outcome == "na"


def test_finishing_leads_back_to_the_round(phone, stop):
    response = phone.post(reverse("inspections:visit-finish", args=[stop.pk]), {"visit": uuid4()})

    assert response.headers["Location"].startswith(reverse("inspections:my-round"))
    assert Visit.objects.get().finished_at is not None


def test_my_round_tells_what_is_left_and_what_is_done(phone, make_stop):
    done, left = make_stop(), make_stop()
    phone.post(reverse("inspections:visit-finish", args=[done.pk]), {"visit": uuid4()})

    context = phone.get(reverse("inspections:my-round")).context

    assert (context["left"], context["done"]) == ([left], [done])


def test_the_code_of_a_place_opens_its_sheet(phone, stop, page):
    url = reverse("inspections:place-by-code", args=[stop.place.code])

    assert phone.get(url).headers["Location"] == page


def test_the_code_of_a_place_outside_the_round_opens_the_place(phone, running, make_place):
    place = make_place()

    response = phone.get(reverse("inspections:place-by-code", args=[place.code]))

    assert response.headers["Location"] == place.get_absolute_url()


def test_a_round_that_has_ended_takes_no_finding(phone, save_url, running, make_entry, form_of):
    running.ends_on = timezone.localdate() - timedelta(days=1)
    running.save()

    assert phone.post(save_url, form_of(make_entry())).status_code == 409
    assert not Finding.objects.exists()


def test_an_inspector_of_no_team_of_the_round_logs_nothing(client, save_url, make_entry, form_of, make_member, city):
    client.force_login(make_member(city, "inspector"))

    assert client.post(save_url, form_of(make_entry())).status_code == 403


def test_the_office_may_log_too(client, save_url, make_entry, form_of, office):
    client.force_login(office)

    assert client.post(save_url, form_of(make_entry())).status_code == 302


@pytest.mark.parametrize(("who", "status"), [("lead", 404), ("staff", 404), ("leader", 403)])
def test_nobody_else_logs(client, save_url, make_entry, form_of, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.post(save_url, form_of(make_entry())).status_code == status


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_finding_and_twenty_equal_answers(save_url, make_entry, form_of, inspector):
    sent, ready = form_of(make_entry()), Client()
    ready.force_login(inspector)

    def send(_n):
        client = Client()
        client.cookies = ready.cookies
        try:
            return answer(client.post(save_url, sent, **JSON))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as phones:
        answers = set(phones.map(send, range(20)))

    assert Finding.objects.count() == 1
    assert [status for status, *_ in answers] == [201]


def packed(content):
    return len(gzip.compress(content, 6))


def test_the_whole_page_weighs_at_most_100_kilobytes(phone, page, stop, bureau):
    stop.round.checklist = seed_checklist(bureau)
    stop.round.save()
    response = phone.get(page)

    named = set(re.findall(r'(?:href|src)="/static/([^"#]+)', response.content.decode()))
    parts = {name: packed(Path(finders.find(name)).read_bytes()) for name in named}

    assert response.content.count(b'class="check ') > 20
    assert not any("tabler.min" in name for name in named)
    assert packed(response.content) + sum(parts.values()) <= LIMIT, parts


def test_the_page_costs_the_same_queries_with_two_items_as_with_many(
    phone, page, checklist_item, stop, bureau, django_assert_max_num_queries
):
    phone.get(page)
    with django_assert_max_num_queries(20) as few:
        phone.get(page)
    stop.round.checklist = seed_checklist(bureau)
    stop.round.save()

    with django_assert_max_num_queries(len(few)):
        assert phone.get(page).content.count(b'class="check ') > 20


@pytest.mark.parametrize("item", ["9" * 5000, "9" * 30, "٣"])
def test_an_item_that_cannot_be_one_is_refused(client, inspector, stop, form_of, make_entry, item):
    client.force_login(inspector)

    answer = client.post(reverse("inspections:finding-save", args=[stop.pk]), form_of(make_entry(), item=item))

    assert answer.status_code == 422


def test_a_code_that_no_place_can_have_finds_none(client, inspector):
    client.force_login(inspector)

    assert client.get("/inspections/p/a%00b/").status_code == 404
