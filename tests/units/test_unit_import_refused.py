"""Sheets of units that the database would refuse: told in the preview where it can be, never an error page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.units.test_unit_import import HEADER, table
from units.models import Unit

CODES = ["编号", "单位名称", "代码"]


@pytest.fixture
def upload(client, office, city):
    """Upload a sheet; returns the address of its preview."""
    client.force_login(office)

    def upload(*rows, header=HEADER):
        file = SimpleUploadedFile("units.xlsx", table(*rows, header=header).read())
        return client.post("/units/import/", {"file": file, "below": city.pk}).url

    return upload


def test_the_code_of_a_unit_that_has_ended_is_told(upload, client, bureau):
    Unit.objects.filter(pk=bureau.pk).update(code="CG", valid_until="2021-01-01")

    page = client.get(upload(["", "新城管局", "CG"], header=CODES))

    assert "代码已被另一单位使用" in page.content.decode()


def test_two_units_do_not_swap_their_codes_by_a_sheet(upload, client, bureau, other_bureau):
    Unit.objects.filter(pk=bureau.pk).update(code="A")
    Unit.objects.filter(pk=other_bureau.pk).update(code="B")
    preview = upload([bureau.pk, bureau.name, "B"], [other_bureau.pk, other_bureau.name, "A"], header=CODES)

    assert client.post(f"{preview}confirm/").status_code == 302
    assert Unit.objects.get(pk=bureau.pk).code == "A"


def test_a_name_that_a_unit_of_tomorrow_has_is_refused_in_words(upload, client, make_unit, city):
    make_unit("文旅局", parent=city, valid_from="2030-01-01")
    preview = upload(["文旅局", "", "政府部门"])

    answer = client.post(f"{preview}confirm/", follow=True)

    assert "该处已有同名单位" in answer.content.decode()


def test_half_a_letter_in_a_cell_is_left_out(upload, client):
    preview = upload(["文旅_xD83D_局", "", "政府部门"])

    client.post(f"{preview}confirm/")

    assert Unit.objects.filter(name="文旅局").exists()
