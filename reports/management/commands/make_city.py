"""`make_city`: fill an empty database with the demonstration city 安澜市."""

import time
import unicodedata

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.city.make import make_city
from reports.city.people import PASSWORD, account_table
from reports.city.plan import MEMBERS, Plan
from units.models import Unit, User


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration city 安澜市 (invented): units, ledger, inspections, results."

    def add_arguments(self, parser):
        parser.add_argument("--units", type=int, default=MEMBERS, help=f"ranked units, {MEMBERS} or more")
        parser.add_argument("--findings", type=int, default=1200, help="findings of three quarters")
        parser.add_argument("--answers", type=int, default=0, help="further answers, for measurements of the ranking")
        parser.add_argument("--seed", type=int, default=2026, help="another seed makes another city")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are units already")
        parser.add_argument("--accounts", action="store_true", help="only print the accounts to log in with")

    def handle(self, *, units, findings, answers, seed, if_empty, accounts, verbosity, **options):
        there = Unit.objects.exists()
        if accounts or (there and if_empty):
            self.print_accounts()
            return
        if there:
            raise CommandError("The database is not empty: make_city only fills an empty one. Nothing was changed.")
        if units < MEMBERS or findings < 0 or answers < 0:
            raise CommandError(f"A city has at least {MEMBERS} units and no negative numbers.")
        started = time.monotonic()
        plan = Plan(today=timezone.localdate(), units=units, findings=findings, answers=answers, seed=seed)
        counts = make_city(plan)
        if verbosity:
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            self.stdout.write(f"安澜市: {told} ({time.monotonic() - started:.1f} s)")
            self.print_accounts()

    def print_accounts(self):
        logins = {login for _role, login, *_rest in account_table()}
        if User.objects.filter(username__in=logins).count() < len(logins):
            return  # somebody's own data: these accounts are not there
        table = [("角色", "账号", "姓名", "单位"), *((str(role), *rest) for role, *rest in account_table())]
        widths = [max(columns(row[n]) for row in table) for n in range(4)]
        for row in table:
            line = "  ".join(text + " " * (wide - columns(text)) for text, wide in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())
        self.stdout.write(f"密码(仅供演示): {PASSWORD}")


def columns(text):
    """How wide a text stands in a terminal: Chinese characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
