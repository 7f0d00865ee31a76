"""What people call the thing they logged in with, read from what its browser says of itself."""

from django.utils.translation import gettext_lazy as _

# The first that fits counts: browsers name those whose pages they can show, too.
BROWSERS = [
    ("MicroMessenger", _("WeChat")),
    ("DingTalk", _("DingTalk")),
    ("QQBrowser", _("QQ browser")),
    ("UCBrowser", _("UC browser")),
    ("HuaweiBrowser", _("Huawei browser")),
    ("MiuiBrowser", _("Xiaomi browser")),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
]
LONGEST = 60


def first(known, agent):
    return next((str(name) for mark, name in known if mark in agent), "")


def device_name(agent):
    """Such as `Chrome · Windows`; of an unknown browser what it says itself, cut to a line."""
    return " · ".join(filter(None, [first(BROWSERS, agent), first(SYSTEMS, agent)])) or agent[:LONGEST]
