"""The responsibility letters of the running year: most are signed, some wait, some say what is asked no more."""

from datetime import timedelta

from reports.city.plan import at
from reports.city.tables import date_back
from tasks import letters
from tasks.models import Assignment, ResponsibilityLetter

ISSUED_AFTER, SIGNED_WITHIN = timedelta(days=12), 18
TO_SIGN = "市教育局"  # its lead has an account to try it with
OF_TEN_UNSIGNED, WITHOUT, CHANGED = 1, 5, 4  # units: one of ten, the last few, the first few


def make_letters(scene):
    """Drawn up for all but a few units and issued at the beginning of the year; the office keeps one new edition."""
    lots, by = scene.plan.lots("letters"), scene.people.office[0]
    ledger = scene.ledger
    units = list(letters.needing(ledger, by).order_by("path"))
    words = letters.last_words(ledger)
    drawn = letters.draw_up(ledger, units[:-WITHOUT], words, by=by).letters
    moment = min(at(ledger.created_at.date() + ISSUED_AFTER, 10), scene.plan.now)
    for letter in drawn:
        event = letter.issue(by=by, now=moment)
        date_back(event, moment)
        signs = lots.randrange(10) >= OF_TEN_UNSIGNED and str(letter.unit) != TO_SIGN
        if signs and letter.unit_id in scene.people.leads:
            sign(scene, letter, lots, moment)
    ResponsibilityLetter.objects.update(made_at=moment - timedelta(days=1))
    change_some(drawn)
    letters.draw_up(ledger, [drawn[0].unit], words, by=by)


def sign(scene, letter, lots, issued):
    """The unit's lead signs some days later, unless today comes first."""
    lead, head = scene.people.leads[letter.unit_id], letter.data["head"]
    signed = issued + timedelta(days=lots.randint(1, SIGNED_WITHIN), hours=lots.randint(0, 6))
    if signed < scene.plan.now:
        who = {"signer": head["name"], "position": head["title"]} if head else {"signer": lead.name}
        date_back(letter.sign(by=lead, on=signed.date(), **who), signed)


def change_some(drawn):
    """What is asked of a few units has changed since: their letters are out of date."""
    for letter in drawn[:CHANGED]:
        given = Assignment.objects.filter(unit=letter.unit_id, task__ledger=letter.ledger_id, parent=None)
        first = given.order_by("pk").first()
        Assignment.objects.filter(pk=first.pk).update(requirement="每季度报送一次工作小结，附现场照片。")
