"""How states and steps look: tone and icon of each word of the workflows, said once for the whole house.

The words themselves belong to the models; an unknown state is shown grey with a dot, never an error.
"""

from django.utils.translation import gettext_lazy as _

GREEN, AMBER, RED, GREY, BLUE = "green", "amber", "red", "grey", "blue"
TONES = (GREEN, AMBER, RED, GREY, BLUE)
UNKNOWN = (GREY, "circle-dot")

STATES = {
    # not begun, set aside
    "draft": (GREY, "pencil"),
    "planned": (GREY, "circle-dashed"),
    "pending": (GREY, "circle-dashed"),
    "not_started": (GREY, "circle-dashed"),
    "queued": (GREY, "hourglass"),
    "parked": (GREY, "player-pause"),
    "cancelled": (GREY, "ban"),
    "discarded": (GREY, "ban"),
    "withdrawn": (GREY, "ban"),
    "refused": (GREY, "circle-minus"),
    "inactive": (GREY, "ban"),
    "not_assessed": (GREY, "circle-minus"),
    "archived": (GREY, "archive"),
    "replaced": (GREY, "archive"),
    # in hand
    "open": (BLUE, "circle-dot"),
    "issued": (BLUE, "send"),
    "signed": (BLUE, "writing-sign"),
    "in_progress": (BLUE, "player-play"),
    "doing": (BLUE, "player-play"),
    "running": (BLUE, "refresh"),
    "decided": (BLUE, "gavel"),
    "trial": (BLUE, "scale"),
    "info": (BLUE, "info-circle"),
    # needs a look soon
    "due_soon": (AMBER, "clock-hour-4"),
    "submitted": (AMBER, "hourglass-high"),
    "verifying": (AMBER, "hourglass-high"),
    "checked": (AMBER, "eye"),
    "preview": (AMBER, "eye"),
    "missing": (AMBER, "file-x"),
    "objection": (AMBER, "message-report"),
    "disputed": (AMBER, "flag"),
    "extension": (AMBER, "calendar-due"),
    "asked": (AMBER, "calendar-due"),
    "mostly": (AMBER, "circle-check"),
    "retrying": (AMBER, "rotate"),
    # wrong
    "overdue": (RED, "clock-exclamation"),
    "returned": (RED, "arrow-back-up"),
    "rejected": (RED, "circle-x"),
    "failed": (RED, "alert-triangle"),
    "vetoed": (RED, "ban"),
    "fail": (RED, "x"),
    "unmet": (RED, "circle-x"),
    # right
    "on_track": (GREEN, "circle-check"),
    "active": (GREEN, "circle-check"),
    "approved": (GREEN, "circle-check"),
    "done": (GREEN, "circle-check"),
    "completed": (GREEN, "circle-check"),
    "confirmed": (GREEN, "circle-check"),
    "finished": (GREEN, "circle-check"),
    "verified": (GREEN, "shield-check"),
    "closed": (GREEN, "checks"),
    "frozen": (GREEN, "lock"),
    "published": (GREEN, "speakerphone"),
    "pass": (GREEN, "check"),
    "met": (GREEN, "circle-check"),
    "granted": (GREEN, "calendar-event"),
}

# Words of values that are no model's choice: the warning light.
WORDS = {
    "on_track": _("on track"),
    "due_soon": _("due soon"),
    "overdue": _("overdue"),
    "not_started": _("not started"),
}

STEPS = {
    "issue": "send",
    "start": "player-play",
    "sign": "writing-sign",
    "record": "writing-sign",
    "replace": "copy",
    "prepare": "pencil",
    "submit": "upload",
    "approve": "check",
    "verify": "shield-check",
    "uphold": "gavel",
    "complete": "checks",
    "close": "checks",
    "finish": "checks",
    "grant": "check",
    "refuse": "x",
    "decide": "gavel",
    "return": "arrow-back-up",
    "dispute": "flag",
    "reassign": "arrows-exchange",
    "extend": "calendar-due",
    "ask_extension": "calendar-due",
    "park": "player-pause",
    "resume": "player-play",
    "reopen": "rotate",
    "withdraw": "arrow-back-up",
    "cancel": "ban",
    "freeze": "lock",
    "publish": "speakerphone",
    "remind": "bell",
}
# Steps that lead back or aside are never the page's primary action.
ASIDE = frozenset(
    {
        "prepare",
        "return",
        "refuse",
        "dispute",
        "reassign",
        "extend",
        "ask_extension",
        "park",
        "withdraw",
        "cancel",
        "reopen",
        "remind",
    }
)


def look(state):
    """`(tone, icon)` of a state."""
    return STATES.get(str(state), UNKNOWN)
