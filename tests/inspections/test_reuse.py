"""A photo sent twice as the proof of a repair: told to who verifies, not to the unit."""

import pytest
from django.urls import reverse

from tests.units.test_looks import as_file, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(make_item, make_attachment, lead):
    """An item answered with one photo."""

    def answer(photo, **item):
        item = make_item(**item)
        item.submit(by=lead, measure="已清理", photos=[make_attachment(name="整改后.jpg", content=photo)])
        return item

    return answer


def ask(client, user, item):
    client.force_login(user)
    return client.get(reverse("inspections:item-reuse", args=[item.pk]))


def test_the_photo_of_the_problem_sent_back_as_the_repair_is_noticed(
    client, answered, make_finding, make_attachment, office
):
    finding = make_finding()
    finding.finding_photos.create(attachment=make_attachment(name="现场.jpg", content=as_file(scene())))
    item = answered(as_file(scene(), quality=50), finding=finding)

    page = ask(client, office, item)

    assert [(hint.use.used_for, hint.is_same) for hint in page.context["reuses"]] == [(finding, False)]


def test_the_same_photo_for_two_repairs_is_noticed(client, answered, inspector):
    photo = as_file(scene(3))
    first = answered(photo)

    page = ask(client, inspector, answered(photo))

    assert [(hint.use.used_for, hint.is_same) for hint in page.context["reuses"]] == [(first, True)]


def test_the_unit_is_not_told(client, answered, lead):
    answered(as_file(scene(3)))
    item = answered(as_file(scene(3)))

    assert ask(client, lead, item).status_code == 403
    assert "/reuse/" not in client.get(item.get_absolute_url()).content.decode()
