"""Two cities with the same rows: what a person of the one must never see stands in the other."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inspections.models import (
    Checklist,
    ChecklistItem,
    Finding,
    FindingPhoto,
    FixPhoto,
    Place,
    PlaceType,
    RectificationItem,
    Round,
    RoundPlace,
    Team,
    Visit,
)
from reports import scoring, snapshots
from reports.disclosure import lay_down
from reports.hand_in import make_package, make_sheet
from reports.models import Period, Report, ReportJob
from reports.seeds import default_scheme
from tasks import letters, uploads
from tasks.models import (
    Assignment,
    Coordination,
    DutyRule,
    Evidence,
    Ledger,
    LedgerImport,
    Material,
    Meeting,
    Postponement,
    Progress,
    RequiredPiece,
    ReviewBatch,
    Standard,
    Task,
)
from tasks.workbook import uploads as workbooks
from tasks.workbook.writing import write_ledger
from units.files import accept, check
from units.filetypes import TABLES
from units.models import CalendarDay, Honour, PeerGroup, Unit, UnitKind, UnitName, UnitPerson, User
from units.roles import Role

TODAY = timezone.localdate
CITY_ROLES = [Role.ADMIN, Role.OFFICE, Role.INSPECTOR, Role.LEADER, Role.MONITOR]
UNIT_ROLES = [Role.UNIT_LEAD, Role.UNIT_STAFF]


def person(name, unit=None, role=None):
    user = User.objects.create(username=name, name=name)
    if unit:
        user.memberships.create(unit=unit, role=role, since="2020-01-01")
    return user


def paper(unit, by):
    return accept(SimpleUploadedFile("说明.txt", f"说明 {unit.name}".encode()), unit=unit, by=by)


def half(name):
    """One city with two bureaus; each bureau has one row of everything."""
    kind, _ = UnitKind.objects.get_or_create(name="政府部门")
    group, _ = PeerGroup.objects.get_or_create(name="市直部门组")
    city = Unit.objects.create(name=f"{name}市", kind=kind, valid_from="2020-01-01")
    office = person(f"{name}office", city, Role.OFFICE)
    inspector = person(f"{name}inspector", city, Role.INSPECTOR)
    shared = city_rows(city, office, inspector)
    bureaus = []
    for number in (1, 2):
        unit = Unit.objects.create(
            name=f"{name}局{number}", parent=city, kind=kind, peer_group=group, valid_from="2020-01-01"
        )
        bureaus.append(SimpleNamespace(unit=unit, **vars(shared), **bureau_rows(unit, shared, office, inspector)))
    letter_rows(shared.ledger, bureaus, office)
    score_quarter(shared, bureaus, office)
    disclose(shared, bureaus, office)
    return SimpleNamespace(city=city, office=office, inspector=inspector, bureaus=bureaus)


def city_rows(city, office, inspector):
    today = TODAY()
    ledger = Ledger.objects.create(unit=city, year=today.year, name="分解表")
    standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
    checklist = Checklist.objects.create(unit=city, name="标准")
    place_type, _ = PlaceType.objects.get_or_create(name="农贸市场")
    item = ChecklistItem.objects.create(checklist=checklist, place_type=place_type, category="秩序", text="无占道经营")
    round_ = Round.objects.create(unit=city, name="轮次", checklist=checklist, starts_on=today, ends_on=today)
    team = Team.objects.create(round=round_, name="一组")
    team.members.add(inspector)
    table = SimpleUploadedFile("分解表.csv", "序号,工作任务,责任单位\n1,设置公益广告,市城管局\n".encode())
    upload = uploads.begin(
        table, by=office, becomes=LedgerImport.Becomes.LEDGER, ledger=None, unit=city, name="", year=today.year
    )
    return SimpleNamespace(
        **edition_rows(standard),
        **meeting_rows(city, office),
        city=city,
        ledger=ledger,
        standard=standard,
        checklist=checklist,
        checklist_item=item,
        round=round_,
        team=team,
        ledger_import=upload,
        scheme=default_scheme(city),
        reimport=edited_workbook(ledger, office),
        duty_rule=duty_rule(city),
    )


def edition_rows(standard):
    indicator = standard.indicators.create(level=1, code="Ⅰ-1", name="公共环境")
    criterion = indicator.criteria.create(number="1", text="路面洁净")
    piece = RequiredPiece.objects.add(criterion, name="台账")
    return {"indicator": indicator, "criterion": criterion, "piece": piece}


def edited_workbook(ledger, office):
    """The ledger's workbook on its way back."""
    file = BytesIO()
    write_ledger(file, ledger)
    return workbooks.begin(
        check(SimpleUploadedFile("分解表.xlsx", file.getvalue()), kinds=TABLES), by=office, ledger=ledger
    )


def meeting_rows(city, office):
    """A meeting that no bureau attended, with a decision that is no task."""
    meeting = Meeting.objects.create(unit=city, title="调度会", held_on=TODAY())
    return {"meeting": meeting, "decision": meeting.decide(by=office, text="清理占道经营", parts={})}


def letter_rows(ledger, bureaus, office):
    """An issued letter for each bureau."""
    words = {"title": "责任书", "clauses": []}
    drawn = letters.draw_up(ledger, [bureau.unit for bureau in bureaus], words, by=office).letters
    for bureau, letter in zip(bureaus, drawn, strict=True):
        letter.issue(by=office)
        bureau.letter = letter


def duty_rule(city):
    return DutyRule.objects.create(unit=city, words="农贸市场", part="responsible", kind=city.kind)


def bureau_rows(unit, shared, office, inspector):
    """What belongs to one bureau, as a dictionary by kind."""
    task = Task.objects.create(ledger=shared.ledger, key=unit.name, title=f"任务 {unit.name}")
    assignment = Assignment.objects.create(task=task, unit=unit, part="lead", state="submitted")
    progress = Progress.objects.create(
        assignment=assignment,
        by=office,
        percent=50,
        narrative="已做一半",
        submitted_at=timezone.now(),
        submitted_by=office,
    )
    evidence = Evidence.objects.create(progress=progress, attachment=paper(unit, office))
    rows = {"task": task, "assignment": assignment, "evidence": evidence}
    rows |= asked_rows(assignment, progress, office) | material_rows(unit, office)
    return rows | place_rows(unit, shared, inspector) | unit_rows(unit)


def asked_rows(assignment, progress, office):
    """What was asked about an assignment, and a joint verdict on its report."""
    batch = ReviewBatch.objects.create(by=office, verdict="approved")
    batch.reports.add(progress)
    later = Postponement.objects.create(
        assignment=assignment, before="2026-09-30", until="2026-10-30", reason="雨季", asked_by=office
    )
    help_ = Coordination.objects.create(assignment=assignment, what="请移交图纸", asked_by=office)
    return {"batch": batch, "postponement": later, "coordination": help_}


def material_rows(unit, office):
    """Filed material with its number, handed in as a package and on a sheet."""
    edition = Standard.objects.create(unit=unit.parent, name=f"资料体系 {unit.name}", edition="1")
    criterion = edition.indicators.create(level=1, code="Ⅰ-1", name="资料").criteria.create(number="1", text="有方案")
    material = Material.objects.file(paper(unit, office), title="方案", places=[(criterion, None)], by=office)
    return {
        "material": material,
        "revision": material.newest,
        "catalogue_number": material.numbers.get(),
        "package": make_package(unit=unit, standard=None, by=office),
        "photo_sheet": make_sheet([], title="图片", unit=unit, by=office),
    }


def place_rows(unit, shared, inspector):
    item = shared.checklist_item
    place = Place.objects.create(unit=unit, place_type=item.place_type, name=f"市场 {unit.name}")
    stop = RoundPlace.objects.create(round=shared.round, place=place, team=shared.team)
    visit = Visit.objects.create(round=shared.round, place=place, team=shared.team, by=inspector)
    finding = Finding.objects.create(
        unit=unit, place=place, visit=visit, item=item, text="摊位外溢", deduction="0.5", found_by=inspector
    )
    now = timezone.now()
    rectification = RectificationItem.objects.create(
        finding=finding, unit=unit, issued_at=now - timezone.timedelta(days=1), due_at=now + timezone.timedelta(days=3)
    )
    event = rectification.events.create(step="issue", after="issued")
    photo = FindingPhoto.objects.create(finding=finding, attachment=paper(unit, inspector))
    fix = FixPhoto.objects.create(item=rectification, attachment=paper(unit, inspector), event=event)
    return {
        "place": place, "stop": stop, "visit": visit, "finding": finding, "item": rectification,
        "finding_photo": photo, "fix_photo": fix,
    }  # fmt: skip


def unit_rows(unit):
    person_ = person(f"{unit.name}成员", unit, Role.UNIT_STAFF)
    return {
        "user": person_,
        "membership": person_.memberships.get(),
        "unit_person": UnitPerson.objects.create(unit=unit, position="head", name="负责人"),
        "unit_name": UnitName.objects.create(unit=unit, name=f"旧称 {unit.name}"),
        "honour": Honour.objects.create(unit=unit, name="文明单位", level="city", since="2021-01-01"),
        "closed_user": User.objects.create(username=f"{unit.name}离职", name="离职", is_active=False),
    }


def score_quarter(shared, bureaus, office):
    today = TODAY()
    period = Period.objects.quarter(shared.city, today.year, (today.month + 2) // 3)
    ranking = scoring.compute(period, shared.scheme, office)
    report = Report.objects.create(
        unit=shared.city, period=period, ranking=ranking, title="成绩榜", data=snapshots.scoreboard(ranking)
    )
    job = ReportJob.objects.create(key=f"pdf:{report.pk}", report=report)
    for bureau in bureaus:
        bureau.period, bureau.ranking, bureau.report, bureau.job = period, ranking, report, job
        bureau.score = ranking.scores.get(unit=bureau.unit)


def disclose(shared, bureaus, office):
    """A draft of the city: its units see it only once it is published."""
    draft = lay_down(shared.ledger, by=office)
    for bureau in bureaus:
        bureau.disclosure = draft


def shared_lists():
    """What all levels share and nobody's scope hides."""
    return SimpleNamespace(
        kind=UnitKind.objects.create(name="空类别"),
        group=PeerGroup.objects.create(name="空分组"),
        day=CalendarDay.objects.create(date=date(2026, 10, 1), is_working=False, name="国庆节"),
    )


def build():
    """`own` and `other` are bureaus of our city, `elsewhere` one of another; `people` by role work in ours."""
    ours, theirs = half("安澜"), half("宁川")
    people = {role: person(role, ours.city, role) for role in CITY_ROLES}
    people |= {role: person(role, ours.bureaus[0].unit, role) for role in UNIT_ROLES}
    people["nobody"] = person("nobody")
    ours.bureaus[0].team.members.add(people[Role.INSPECTOR])
    return SimpleNamespace(
        own=ours.bureaus[0], other=ours.bureaus[1], elsewhere=theirs.bureaus[0], people=people, shared=shared_lists()
    )
