"""Who works in the city: the persons units name, accounts to try it with, and the people who act in its history."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from reports.city.names import person_name, phone
from reports.city.plan import at
from reports.city.tables import rows
from units.models import Membership, UnitPerson, User
from units.roles import Role

PASSWORD = "anlan-wenming-69"  # noqa: S105 - printed at the end: a demonstration is to be looked at
SINCE = date(2024, 1, 2)
INSPECTORS = 9  # in three teams, the two with demonstration accounts among them
TITLES = {  # head, deputy, contact by peer group
    "区县组": ("区委书记", "区委常委、宣传部部长", "区文明办主任"),
    "街道乡镇组": ("党工委书记", "宣传委员", "宣传干事"),
    "市直部门组": ("主要负责人", "分管负责人", "办公室主任"),
    "窗口行业组": ("总经理", "副总经理", "办公室主任"),
}


@dataclass
class People:
    """Users by what they do. `leads` and `clerks` are by the primary key of their unit."""

    office: list = field(default_factory=list)
    inspectors: list = field(default_factory=list)
    monitors: list = field(default_factory=list)
    leads: dict = field(default_factory=dict)
    clerks: dict = field(default_factory=dict)
    shown: list = field(default_factory=list)  # those with a password

    def of(self, unit):
        """The two people who answer for a unit: the one who leads, the one who drafts."""
        return self.leads[unit.pk], self.clerks[unit.pk]


def make_people(plan, ground):
    """Accounts with a password for each role; everybody else acts in the history and cannot log in."""
    lots, number = plan.lots("people"), len(ground.units)
    password = make_password(PASSWORD)
    users, memberships = {}, []
    for row in rows("accounts"):
        user = users.setdefault(row["login"], new_user(row["login"], row["name"], number + len(users), password))
        memberships.append((user, row["role"], ground.units[row["unit"]]))
    shown = list(users.values())
    for n in range(3, INSPECTORS + 1):
        user = users[f"inspector{n}"] = new_user(f"inspector{n}", person_name(lots), number + len(users))
        memberships.append((user, Role.INSPECTOR, ground.root))
    memberships += unit_people(ground, users, {(role, unit.pk) for _user, role, unit in memberships}, lots)
    User.objects.bulk_create(users.values())
    Membership.objects.bulk_create(
        Membership(user=user, role=role, unit=unit, since=SINCE) for user, role, unit in memberships
    )
    people = sorted_by_role(memberships, shown)
    named_persons(ground, people, lots)
    return people


def new_user(login, name, number, password=None):
    # Not `set_unusable_password`: its random tail would make two cities of the same seed differ.
    password = password or f"{UNUSABLE_PASSWORD_PREFIX}{login}"
    return User(username=login, name=name, phone=phone(number), password=password, date_joined=at(SINCE, 9))


def unit_people(ground, users, held, lots):
    """A lead and a clerk for each unit that has none yet."""
    for unit in ground.answering():
        for role, letter in ((Role.UNIT_LEAD, "a"), (Role.UNIT_STAFF, "b")):
            if (role, unit.pk) in held:
                continue
            login = f"{unit.code.lower()}{letter}"
            users[login] = new_user(login, person_name(lots), len(ground.units) + len(users))
            yield users[login], role, unit


def sorted_by_role(memberships, shown):
    people = People(shown=shown)
    for user, role, unit in memberships:
        if role == Role.UNIT_LEAD:
            people.leads[unit.pk] = user
        elif role == Role.UNIT_STAFF:
            people.clerks[unit.pk] = user
        elif role == Role.OFFICE and unit.depth == 1:
            people.office.append(user)
        elif role == Role.INSPECTOR:
            people.inspectors.append(user)
        elif role == Role.MONITOR:
            people.monitors.append(user)
    return people


def named_persons(ground, people, lots):
    """Head, deputy and contact of each member; the contact is the person who leads its account."""
    names = {group.pk: name for name, group in ground.groups.items()}
    persons, number = [], 0
    for unit in ground.members():
        titles = TITLES[names[unit.peer_group_id]]
        found = [person_name(lots), person_name(lots), people.leads[unit.pk].name]
        for position, title, name in zip(UnitPerson.Position, titles, found, strict=True):
            number += 1
            persons.append(
                UnitPerson(unit=unit, position=position, title=title, name=name, phone=phone(number), since=SINCE)
            )
    UnitPerson.objects.bulk_create(persons)


def account_table():
    """The accounts a visitor may use: `(role, login, name, unit)`."""
    return [(Role(row["role"]).label, row["login"], row["name"], row["unit"]) for row in rows("accounts")]
