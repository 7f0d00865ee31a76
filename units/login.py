"""Logging in: a one-time password ends after its time, old sessions make room for new ones."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone


class InvitationBackend(ModelBackend):
    """Name and password, unless the one-time password has run out."""

    def user_can_authenticate(self, user):
        if user.must_change_password and user.password_valid_until and user.password_valid_until < timezone.now():
            return False
        return super().user_can_authenticate(user)

    def has_perm(self, user_obj, perm, obj=None):
        """Rights come from roles in units; Django's model permissions are for the superuser's admin pages only."""
        return user_obj.is_active and user_obj.is_superuser


def remember_session(request, user):
    """Note this login and end the oldest beyond `SESSIONS_PER_PERSON`."""
    request.session.save()
    user.sessions.get_or_create(
        session_key=request.session.session_key,
        defaults={
            "device": request.META.get("HTTP_USER_AGENT", "")[:200],
            "address": request.META.get("REMOTE_ADDR"),
        },
    )
    for old in user.sessions.all()[settings.SESSIONS_PER_PERSON :]:
        request.session.__class__(old.session_key).delete()
        old.delete()
