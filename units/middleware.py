"""What holds for every page: a person's language, the one-time password, and the answer to somebody who was slower."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from units.workflow import NotInThisState

# Where a person who must change the password may still go.
ALLOWED_BEFORE_PASSWORD = {"password-change", "logout", "set-language"}


class PersonMiddleware:
    """Speak the person's language, and lead a one-time password to its change before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            # Not what the browser was installed in: many a Chinese office has an English Windows.
            user = request.user
            translation.activate(user.language if user.is_authenticated else settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

    def process_view(self, request, _view, _args, _kwargs):
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.resolver_match.url_name in ALLOWED_BEFORE_PASSWORD:
            return None
        return redirect("password-change")


class ConflictMiddleware:
    """Somebody was faster: 409, with what the person can do now."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, NotInThisState):
            came_from = request.META.get("HTTP_REFERER", "")
            own = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
            return render(request, "409.html", {"back": came_from if own else "/"}, status=409)
        return None
