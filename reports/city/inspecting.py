"""The inspections of three quarters, written in bulk: findings, answers, rectification items and their history."""

from datetime import timedelta
from itertools import cycle

from inspections.models import Answer, Finding, RectificationEvent, RectificationItem
from reports.city.courses import LEFT_LYING, run
from reports.city.findings import find
from reports.city.rounds import make_round
from reports.city.tables import backdated, take_stock

BATCH = 2000
LYING_ABOUT = timedelta(days=20), timedelta(days=4)  # how long ago the findings that are left lying were made
LYING_AT_SHOWN = timedelta(days=35)  # units that people log in to keep some work to do
NEWEST = 300
NOT_APPLICABLE = 0.06


def make_inspections(scene):
    """Rounds, visits, findings and items of the plan's quarters, the oldest first. Returns the newest courses."""
    before, left_lying, courses = {}, cycle(LEFT_LYING), []
    for quarter, count in shares(scene.plan):
        stops = make_round(scene, quarter)
        found = find(scene, quarter, stops, count, before)
        new = [run_one(scene, one, quarter, number, left_lying) for number, one in enumerate(found)]
        write(scene, quarter, found, new, stops)
        courses = [*courses, *new][-NEWEST:]
    return courses


def shares(plan):
    """How many findings each quarter has: the running one as many as its days so far ask for."""
    first, second, running = plan.quarters
    days = (running.ends_on - running.starts_on).days + 1
    so_far = (plan.today - running.starts_on).days / days
    last = round(plan.findings * so_far / (2 + so_far))
    half = (plan.findings - last) // 2
    return [(first, plan.findings - last - half), (second, half), (running, last)]


def run_one(scene, found, quarter, number, left_lying):
    """Every second finding of the last weeks is left lying in one of the states, and each of a shown unit."""
    age = scene.plan.now - found.finding.found_at
    is_shown = scene.people.leads[found.finding.unit_id] in scene.people.shown
    recent = LYING_ABOUT[1] < age < (LYING_AT_SHOWN if is_shown else LYING_ABOUT[0])
    lots = scene.plan.lots(f"course {quarter} {number}")
    return run(scene, found, lots, next(left_lying) if recent and (is_shown or number % 2 == 0) else None)


def write(scene, quarter, found, courses, stops):
    with backdated(Finding, "recorded_at"):
        Finding.objects.bulk_create([one.finding for one in found], batch_size=BATCH)
    take_stock(Finding)
    RectificationItem.objects.bulk_create([course.item for course in courses], batch_size=BATCH)
    take_stock(RectificationItem)
    events = sorted((event for course in courses for event in course.events), key=lambda event: event.at)
    RectificationEvent.objects.bulk_create(events, batch_size=BATCH)
    lots = scene.plan.lots(f"answers {quarter}")
    answers = [answer for stop in stops for answer in answers_of(scene, stop, lots)]
    Answer.objects.bulk_create(answers, batch_size=BATCH)


def answers_of(scene, stop, lots):
    """What was found wrong fails, a little does not apply, all else meets the standard."""
    wrong = {finding.item.pk: finding for finding in stop.findings}
    for item in scene.items.get(stop.spot.place.place_type_id, ()):
        finding = wrong.get(item.pk)
        if finding:
            yield Answer(
                visit=stop.visit, item=item, unit=finding.unit, outcome=Answer.Outcome.FAIL, count=finding.count
            )
        else:
            fits = lots.random() >= NOT_APPLICABLE
            outcome = Answer.Outcome.PASS if fits else Answer.Outcome.NA
            yield Answer(visit=stop.visit, item=item, unit=stop.spot.lead, outcome=outcome)
