"""The pages of responsibility letters: who is missing, preview, issue, sign, and the filter for what is out of date."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tasks import letters
from tasks.models import Assignment, ResponsibilityLetter

pytestmark = pytest.mark.django_db
WORDS = {"title": "2026年目标责任书", "clauses": "按时完成任务。\n\n如实填报。"}
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def asked(ledger, make_assignment, bureau, other_bureau):
    """Both bureaus are asked something."""
    return [make_assignment(bureau), make_assignment(other_bureau)]


@pytest.fixture
def issued(asked, ledger, office, bureau):
    (letter,) = letters.draw_up(ledger, [bureau], {"title": "责任书", "clauses": ["按时完成。"]}, by=office).letters
    letter.issue(by=office)
    return letter


@pytest.fixture
def go(client, ledger):
    """`go(user, "letters-make", post={...})` at the ledger's letters; `go(user, "letter", letter)` at one of them."""

    def go(user, name, letter=None, *, post=None, query=""):
        client.force_login(user)
        address = reverse(f"tasks:{name}", args=[letter.pk if letter else ledger.pk]) + query
        return client.get(address) if post is None else client.post(address, post)

    return go


def units_in(answer):
    return [str(unit) for unit in answer.context["listing"].rows]


def test_the_list_says_how_each_unit_stands(go, issued, office):
    answer = go(office, "ledger-letters")

    assert units_in(answer) == ["市城管局", "市教育局"]
    figures = answer.context["figures"]
    assert (figures["all"], figures["missing"], figures["issued"], figures["stale"]) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("letter", "units"), [("missing", ["市教育局"]), ("issued", ["市城管局"]), ("signed", []), ("stale", [])]
)
def test_the_list_is_filtered_by_how_units_stand(go, issued, office, letter, units):
    assert units_in(go(office, "ledger-letters", query=f"?letter={letter}")) == units


def test_the_list_finds_what_is_out_of_date(go, issued, office):
    Assignment.objects.filter(unit=issued.unit).update(requirement="每季度报送一次")

    assert units_in(go(office, "ledger-letters", query="?letter=stale")) == ["市城管局"]


def test_a_unit_sees_its_own_letter_and_no_draft(go, issued, asked, lead, other_lead, ledger, office, other_bureau):
    letters.draw_up(ledger, [other_bureau], {"title": "责任书", "clauses": []}, by=office)

    assert units_in(go(lead, "ledger-letters")) == ["市城管局"]
    assert "2026-001" in go(lead, "ledger-letters").content.decode()
    assert [unit.standing for unit in go(other_lead, "ledger-letters").context["listing"].rows] == ["missing"]


def test_the_preview_shows_all_that_need_a_letter_and_stores_nothing(go, issued, office):
    answer = go(office, "letters-preview")

    assert [str(unit) for unit in answer.context["needed"]] == ["市教育局"]
    assert ResponsibilityLetter.objects.count() == 1


def test_the_preview_of_one_unit_shows_its_tasks(go, asked, office, bureau):
    answer = go(office, "letters-preview", post={"selected": bureau.pk})

    assert [duty["title"] for duty in answer.context["duties"]] == ["清理占道经营"]


@pytest.mark.parametrize("picked", ["x", "99999999999999999999", "-1", "１"])
def test_what_is_no_unit_is_not_picked(go, asked, office, picked):
    assert go(office, "letters-preview", query=f"?selected={picked}").status_code == 200


def test_drafts_are_drawn_up_for_the_units_of_the_preview(go, asked, office, bureau, other_bureau):
    go(office, "letters-make", post={**WORDS, "units": [bureau.pk, other_bureau.pk]})

    drafts = ResponsibilityLetter.objects.drafts()
    assert [(one.unit, one.data["clauses"]) for one in drafts.order_by("pk")] == [
        (bureau, ["按时完成任务。", "如实填报。"]), (other_bureau, ["按时完成任务。", "如实填报。"])
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"title": ""}, {"clauses": " \n "}, {"clauses": "长" * 501}, {"units": []}])
def test_words_that_cannot_be_are_refused_and_nothing_is_drawn_up(go, asked, office, bureau, wrong):
    answer = go(office, "letters-make", post={**WORDS, "units": [bureau.pk], **wrong})

    assert answer.status_code == 422
    assert not ResponsibilityLetter.objects.exists()


def test_the_next_letters_begin_with_the_last_words(go, issued, office):
    assert go(office, "letters-preview").context["form"].initial == {"title": "责任书", "clauses": "按时完成。"}


def test_issuing_many_asks_once_before_it_happens(go, asked, office, bureau):
    go(office, "letters-make", post={**WORDS, "units": [bureau.pk]})
    draft = ResponsibilityLetter.objects.get()

    assert go(office, "letters-issue", post={"selected": bureau.pk}).status_code == 200
    assert ResponsibilityLetter.objects.drafts().exists()
    go(office, "letters-issue", post={"sure": 1, "letters": draft.pk})
    assert ResponsibilityLetter.objects.standing().get() == draft


def test_issuing_many_leaves_the_one_that_was_drawn_up_anew_after_it_was_shown(go, asked, office, bureau, other_bureau):
    go(office, "letters-make", post={**WORDS, "units": [bureau.pk, other_bureau.pk]})
    answer = go(office, "letters-issue")
    shown = [draft for draft, _stale in answer.context["drafts"]]
    assert all(f'name="seen" value="{one.version}"' in answer.content.decode() for one in shown)

    go(office, "letters-make", post={**WORDS, "title": "另一标题", "units": [bureau.pk]})
    sent = {"sure": 1, "letters": [one.pk for one in shown], "seen": [one.version for one in shown]}
    go(office, "letters-issue", post=sent)

    assert ResponsibilityLetter.objects.standing().get().unit == other_bureau
    assert ResponsibilityLetter.objects.drafts().get().title == "另一标题"


def test_a_draft_out_of_date_is_told_on_its_page(go, asked, office, bureau, make_assignment):
    go(office, "letters-make", post={**WORDS, "units": [bureau.pk]})
    draft = ResponsibilityLetter.objects.get()
    make_assignment(bureau, title="新增任务")

    page = go(office, "letter-issue", draft, post={}).content.decode()

    assert "新增任务" in page and "重新生成" in page
    assert ResponsibilityLetter.objects.drafts().get() == draft


def test_a_letter_issued_by_somebody_else_meanwhile_is_a_conflict(go, issued, office):
    assert go(office, "letter-issue", issued, post={}).status_code == 409


SIGNED = {"signer": "张三", "position": "局长"}


def test_the_lead_signs_on_the_page(go, issued, lead):
    paper = SimpleUploadedFile("责任书.pdf", PDF)
    go(lead, "letter-sign", issued, post={**SIGNED, "on": timezone.localdate(), "scan": paper})

    issued.refresh_from_db()
    assert (issued.state, issued.signer, issued.signed_by, issued.scan.name) == ("signed", "张三", lead, "责任书.pdf")
    assert b"".join(go(lead, "letter-scan-file", issued).streaming_content) == PDF


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_of_the_signature_lies_between_issue_and_today(go, issued, lead, days):
    on = timezone.localdate() + timezone.timedelta(days=days)

    assert go(lead, "letter-sign", issued, post={**SIGNED, "on": on}).status_code == 422


def test_a_scanned_copy_is_a_pdf_or_a_photo(go, issued, office):
    issued.sign(by=office, signer="张三", on=timezone.localdate())

    wrong = go(office, "letter-scan", issued, post={"scan": SimpleUploadedFile("责任书.txt", "已签".encode())})
    right = go(office, "letter-scan", issued, post={"scan": SimpleUploadedFile("责任书.pdf", PDF)})

    assert (wrong.status_code, right.status_code) == (422, 302)


def test_a_letter_of_another_unit_does_not_exist(go, issued, other_lead):
    assert go(other_lead, "letter", issued).status_code == 404


def test_a_leader_reads_and_changes_nothing(go, issued, leader):
    assert go(leader, "letter", issued).status_code == 200
    assert go(leader, "letter-withdraw", issued, post={"note": "有误"}).status_code == 403


def test_withdrawing_needs_a_reason(go, issued, office):
    assert go(office, "letter-withdraw", issued, post={"note": " "}).status_code == 422
    assert go(office, "letter-withdraw", issued, post={"note": "有误"}).status_code == 302


def test_the_page_of_a_letter_shows_what_has_changed(go, issued, lead):
    Assignment.objects.filter(unit=issued.unit).update(requirement="每季度报送一次")

    assert "每季度报送一次" in go(lead, "letter", issued).content.decode()


def test_the_home_page_says_what_is_to_be_signed(client, issued, lead):
    client.force_login(lead)

    lines = {str(line.label): line.url for line in client.get(reverse("home")).context["overview"].waiting}

    assert lines["份目标责任书待签署"] == issued.get_absolute_url()


def test_pages_cost_the_same_for_any_number_of_units(
    client, make_unit, make_assignment, city, ledger, office, django_assert_max_num_queries
):
    client.force_login(office)
    units = [make_unit(parent=city) for _ in range(30)]
    for unit in units:
        make_assignment(unit)
    for letter in letters.draw_up(ledger, units[:20], {"title": "责任书", "clauses": []}, by=office).letters:
        letter.issue(by=office)

    for name in ("ledger-letters", "letters-preview", "letters-issue"):
        with django_assert_max_num_queries(20):
            assert client.get(reverse(f"tasks:{name}", args=[ledger.pk])).status_code == 200
