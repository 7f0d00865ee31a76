"""The scoreboard of 69 units: against a bare WeasyPrint call, and against the slow way round."""

from django.core.management import call_command

from reports import render
from reports.models import Report
from tests.bench.stopwatch import Row, in_turn, milliseconds


def measure():
    raise NotImplementedError((call_command, render, Report, Row, in_turn, milliseconds))
