"""Logging in: a one-time password ends after its time, old sessions make room for new ones."""

from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.models import Session
from django.utils import timezone


class InvitationBackend(ModelBackend):
    """Name and password, unless the one-time password has run out."""

    def user_can_authenticate(self, user):
        return not user.invitation_has_run_out and super().user_can_authenticate(user)

    def has_perm(self, user_obj, perm, obj=None):
        """Rights come from roles in units; Django's model permissions are for the superuser's admin pages only."""
        return user_obj.is_active and user_obj.is_superuser


def client_address(request):
    """Where the request comes from: behind `PROXY_COUNT` proxies, what the outermost of them saw; else the peer.

    What stands further left in the header was written by the client and is not believed.
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies = settings.PROXY_COUNT
    address = seen[-proxies] if 0 < proxies <= len(seen) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address.strip()))
    except ValueError:  # a Unix socket has none
        return None


def remember_session(request, user):
    """Note this login and end the oldest beyond `SESSIONS_PER_PERSON`. Sessions that have run out do not count."""
    request.session.save()
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    user.sessions.exclude(session_key__in=alive).delete()
    user.sessions.get_or_create(
        session_key=request.session.session_key,
        defaults={"device": request.META.get("HTTP_USER_AGENT", "")[:200], "address": client_address(request)},
    )
    ending = user.sessions.values_list("session_key", flat=True)[settings.SESSIONS_PER_PERSON :]
    if ending:
        user.end_sessions(*ending)
