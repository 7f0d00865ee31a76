"""What happened to a row, as one timeline: the steps that people took, and the changes that only the database saw.

Shown by `{% timeline entries %}`; the shape is that of docs/components.md.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, ForeignKey, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.markup import listed

# A change and the step that made it are written in one transaction, but not at one instant.
TOGETHER = timedelta(seconds=2)
# What comes with a thing within its first minute came with it: its creation says enough.
FIRST_MINUTE = timedelta(minutes=1)
MOST = 300

ADDED = {"insert": gettext_lazy("%(thing)s added"), "delete": gettext_lazy("%(thing)s removed")}
CHANGED = gettext_lazy("%(thing)s changed")


@dataclass
class Entry:
    """One line of a timeline. `changes` are `(label, before, after)`; `actor` None: by the clock or by a command."""

    at: datetime
    actor: Any
    text: Any
    note: str = ""
    changes: list = field(default_factory=list)
    photos: Any = ()


def entries(row, *others, beside=()):
    """The timeline of `row`, newest first: its `events`, its `history`, and `others`.

    Each of `others` is a queryset of history rows of something that belongs to the row, such as
    `Honour.pgh_event_model.objects.filter(unit=unit)`; each of `beside` one of the events of something that stands
    beside it and tells them in the same timeline. One query for all events, one for each history, one for the people
    and one for each kind of thing that a changed field points to: never more for a longer history.
    """
    own, *foreign = together(row.events.all(), *beside) if beside else [events_of(row)]
    steps = [step_entry(row, event) for event in reversed(own)]
    sources = [row.history, *others] if hasattr(row, "history") else list(others)
    snapshots = [list(source.select_related("pgh_context").order_by("-pgh_id")[:MOST]) for source in sources]
    changes = [change.seen_from(row) for group in snapshots for change in changes_in(group)]
    changes = without_first_gifts(changes, row)
    people = people_of(changes, steps)
    names = Names(changes)
    told = [*steps, *(Entry(one.at, one.actor, one.text, one.note) for events in foreign for one in events)]
    for change in changes:
        if change.is_of(row) and (step := step_of(change, steps)):
            step.changes = step.changes or change.spoken(names)
        elif not (change.is_of(row) and change.label == "insert" and steps):
            told.append(change.entry(people, names, own=change.is_of(row)))
    return sorted(filter(None, told), key=lambda entry: entry.at)[::-1]


def last_hand(*sources):
    """Who has written the newest row of these histories; None for the clock, a command or nobody."""
    newest = [shot for source in sources if (shot := source.select_related("pgh_context").order_by("-pgh_id").first())]
    if not newest:
        return None
    context = max(newest, key=lambda shot: shot.pgh_created_at).pgh_context
    return get_user_model().objects.filter(pk=context.metadata.get("user")).first() if context else None


def people_of(changes, steps):
    """Who made the changes, by primary key. Most of them took a step, and are known."""
    known = {step.actor.pk: step.actor for step in steps if step.actor}
    others = {change.user for change in changes if change.user} - known.keys()
    return known | get_user_model().objects.in_bulk(others)


def without_first_gifts(changes, row):
    """Leave out what was given to the row at its creation, by the same hand."""
    made = next((change for change in changes if change.is_of(row) and change.label == "insert"), None)
    return [
        change
        for change in changes
        if made is None
        or change.is_of(row)
        or change.label != "insert"
        or change.user != made.user
        or change.at - made.at > FIRST_MINUTE
    ]


def events_of(row):
    return list(row.events.select_related("actor").order_by("-at", "-pk")[:MOST]) if hasattr(row, "events") else []


def together(*tables):
    """The events of each of the querysets, the newest first. One query; of each actor there is the name alone."""
    user, found = get_user_model(), [[] for _rows in tables]
    parts = [
        rows.order_by()
        .annotate(table=Value(n), name=F("actor__name"), username=F("actor__username"))
        .values("table", "id", "at", "step", "before", "after", "note", "actor_id", "name", "username")
        for n, rows in enumerate(tables)
    ]
    for said in parts[0].union(*parts[1:], all=True).order_by("-at", "-id")[:MOST]:
        n, pk, names = said.pop("table"), said.pop("actor_id"), {name: said.pop(name) for name in ("name", "username")}
        found[n].append(tables[n].model(actor=user(pk=pk, **names) if pk else None, **said))
    return found


def step_entry(row, event):
    """The step in the words of its button, or in the event's own."""
    step = getattr(row, "steps", {}).get(event.step)
    text = (step and step.verb) or getattr(event, "text", None) or event.subject()
    return Entry(at=event.at, actor=event.actor, text=text, note=event.note)


def step_of(change, steps):
    """The step that made this change: the same person's within the same moment."""
    near = (
        step
        for step in steps
        if abs(step.at - change.at) < TOGETHER and (step.actor.pk if step.actor else None) in {change.user, None}
    )
    return next(near, None)


@dataclass
class Change:
    """One snapshot of a tracked row beside the one before it."""

    now: Any
    before: Any
    label: str
    fields: list

    @property
    def at(self):
        return self.now.pgh_created_at

    @property
    def user(self):
        context = self.now.pgh_context
        return context.metadata.get("user") if context else None

    @property
    def note(self):
        """What was said about all that was changed together with it."""
        context = self.now.pgh_context
        return context.metadata.get("note", "") if context else ""

    def is_of(self, row):
        return self.now.pgh_tracked_model is type(row)

    def seen_from(self, row):
        """Leave out what the page of `row` says anyway: all that it began with, and that a thing belongs to it."""
        if self.is_of(row):
            self.fields = [] if self.label == "insert" else self.fields
        else:
            self.fields = [
                item
                for item in self.fields
                if not (item.related_model is type(row) and getattr(self.now, item.attname) == row.pk)
            ]
        return self

    def spoken(self, names):
        return [
            (item.verbose_name, names.say(item, self.before) if self.before else None, names.say(item, self.now))
            for item in self.fields
        ]

    def entry(self, people, names, *, own):
        """A line of its own; nothing for a change of which no field is worth a word."""
        if self.label == "update" and not self.fields:
            return None
        thing = self.now.pgh_tracked_model._meta.verbose_name
        text = (_("Created") if own and self.label == "insert" else None) or ADDED.get(self.label, CHANGED)
        entry = Entry(self.at, people.get(self.user, _("system")), str(text) % {"thing": thing})
        if self.label == "update":
            entry.changes, entry.note = self.spoken(names), self.note
        else:
            entry.note = " · ".join(names.say(item, self.now) for item in self.fields)
        return entry


def changes_in(snapshots):
    """Each snapshot with the fields in which it differs from the one before it; `snapshots` are newest first."""
    before = {}
    for now in reversed(snapshots):
        last = before.get(now.pgh_obj_id)
        before[now.pgh_obj_id] = now
        shown = [
            item
            for item in now.pgh_tracked_model._meta.concrete_fields
            if item.editable and not item.primary_key and hasattr(now, item.attname) and differs(item, now, last)
        ]
        yield Change(now, last if now.pgh_label == "update" else None, now.pgh_label, shown)


def differs(item, now, last):
    value = getattr(now, item.attname)
    if now.pgh_label == "update":
        return last is not None and value != getattr(last, item.attname)
    return value not in (None, "", [])


class Names:
    """The values of changed fields as a person reads them; what they point to is read at once, one query per kind."""

    def __init__(self, changes):
        wanted = {}
        for change in changes:
            for item in change.fields:
                if isinstance(item, ForeignKey):
                    pks = {getattr(shot, item.attname) for shot in (change.now, change.before) if shot}
                    wanted.setdefault(item.related_model, set()).update(pks)
        self.found = {model: model._base_manager.in_bulk(pks - {None}) for model, pks in wanted.items()}

    def say(self, item, snapshot):
        value = getattr(snapshot, item.attname)
        if value is None or value == "":
            return None
        if isinstance(item, ForeignKey):
            return str(self.found[item.related_model].get(value, value))
        if item.choices:
            return str(dict(item.flatchoices).get(value, value))
        words = dict(getattr(getattr(item, "base_field", None), "flatchoices", ()))  # of the members of a list
        return spoken_value([words.get(one, one) for one in value] if words else value)


def spoken_value(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return listed(value) if isinstance(value, list) else str(value)
