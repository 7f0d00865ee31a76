"""The gallery page: rows from the units of the database, everything else from memory."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import django_filters
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils import timezone

from units.forms.tick_lists import TickList
from units.lists import Column, DateRange, Listing, Tab
from units.looks import STATES
from units.models import Unit, UnitKind

HERE = Path(__file__).parent
PHOTO = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='400' height='400'%3E"
    "%3Crect width='400' height='400' fill='%23{}'/%3E%3C/svg%3E"
)


class Filter(django_filters.FilterSet):
    q = django_filters.CharFilter("name", "icontains", label="名称", widget=forms.TextInput(attrs={"type": "search"}))
    kind = django_filters.ModelChoiceFilter(
        queryset=UnitKind.objects.all(), label="类别", widget=forms.Select(attrs={"data-search": ""})
    )
    depth = django_filters.ChoiceFilter(choices=[("1", "一级"), ("2", "二级")], label="层级")
    since = django_filters.DateFromToRangeFilter("valid_from", label="设立日期", widget=DateRange)

    class Meta:
        model = Unit
        fields = []


COLUMNS = [
    Column("name", "单位", sort="name", link=True),
    Column("kind.name", "类别", sort="kind__name"),
    Column("state", "状态", kind="state"),
    Column("depth", "层级", sort="depth", kind="number", phone=False),
    Column("score", "得分", kind="score"),
    Column("valid_from", "设立", sort="valid_from", kind="date"),
]


class Form(forms.Form):
    title = forms.CharField(label="整改措施", help_text="写清楚谁、什么时候、做了什么。", max_length=100)
    count = forms.IntegerField(
        label="处数", initial=2, min_value=0, widget=forms.NumberInput(attrs={"data-stepper": ""})
    )
    due = forms.DateField(label="完成日期", required=False)
    unit = forms.ModelChoiceField(Unit.objects.all(), label="责任单位", widget=forms.Select(attrs={"data-search": ""}))
    photo = forms.FileField(
        label="整改后照片",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,.heic"}),
    )
    methods = forms.MultipleChoiceField(
        label="测评方法",
        choices=[("1", "材料审核"), ("2", "实地考察")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    places = forms.MultipleChoiceField(
        label="点位",
        choices=[(str(n), f"第{n}小学") for n in range(1, 41)],
        widget=TickList,
        initial=["7"],
        required=False,
    )
    part = forms.ChoiceField(
        label="分工", choices=[("lead", "牵头"), ("responsible", "责任")], widget=forms.RadioSelect
    )
    key = forms.BooleanField(label="重点任务", required=False)
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)


def row(unit, n):
    """Give a unit what a row of the gallery needs besides its own fields."""
    names = list(STATES)
    unit.state = names[n % len(names)]
    unit.get_state_display = lambda: "待复核" if unit.state == "submitted" else unit.state
    unit.get_absolute_url = lambda: f"?unit={unit.pk}"
    unit.score = Decimal("94.91") - n
    return unit


class Rows(Listing):
    @property
    def rows(self):
        return [row(unit, n) for n, unit in enumerate(super().page.object_list)]


class Item:
    """A row with a workflow, without a table."""

    pk = 1
    steps = {
        "sign": SimpleNamespace(verb="签收", reason=False),
        "submit": SimpleNamespace(verb="反馈", reason=False),
        "dispute": SimpleNamespace(verb="退回(非本单位职责)", reason=True),
    }

    def steps_open_to(self, _user):
        return list(self.steps)


def pieces(request):
    now = timezone.now()
    photos = [{"url": PHOTO.format(c), "thumb_url": PHOTO.format(c), "name": "摊位外溢"} for c in ("8aa", "a98", "9a8")]
    events = [
        {"at": now, "actor": "督查员小吴", "text": "复核通过", "note": "现场已恢复整洁。", "photos": photos[:2]},
        {
            "at": now - timedelta(hours=3),
            "actor": "市城管局联络员",
            "text": "整改反馈",
            "note": "已清理占道摊位 2 处,安排专人值守。",
        },
        {
            "at": now - timedelta(days=1),
            "actor": None,
            "text": "逾期",
            "changes": [("期限", "2026-09-28", "2026-09-30")],
        },
    ]
    bars = [("任务完成", Decimal("28.5")), ("督查", Decimal("47.9")), ("整改率", Decimal("18.51"))]
    form = Form({"title": ""}) if "bad" in request.GET else Form()
    units = Unit.objects.select_related("kind")
    listing = Rows(request, units, Filter, COLUMNS, "name", export="gallery-export", bulk=page("bulk.html"))
    tabs = [Tab("待办", "?", active=True, count=3), Tab("已办", "?tab=done", count=120), Tab("全部", "?tab=all")]
    return {
        "listing": listing, "form": form, "events": events, "photos": photos, "bars": bars, "tabs": tabs,
        "item": Item(), "states": list(STATES), "today": now.date(),
    }  # fmt: skip


def page(name):
    return engines["django"].from_string((HERE / name).read_text())


def gallery(request):
    context = pieces(request)
    if request.htmx and not request.htmx.history_restore_request:
        return context["listing"].render("")
    return HttpResponse(page("gallery.html").render(context, request))


def phone(request):
    return HttpResponse(page("phone.html").render(pieces(request), request))


def confirm(request):
    return HttpResponse(page("confirm.html").render({}, request))


def export(request, pk=None):
    return render(request, "404.html")
