"""A person's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from units.forms.accounts import ChangePasswordForm, FirstPasswordForm, LoginForm, ProfileForm
from units.login import remember_session

A_YEAR = 365 * 24 * 3600


def next_address(request, otherwise):
    """Where the person wanted to go, if that is a place of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else resolve_url(otherwise)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request):
    form = LoginForm(request, request.POST or None)
    if form.is_valid():
        start_session(request, form.get_user())
        remember_session(request, form.get_user())
        return redirect(next_address(request, settings.LOGIN_REDIRECT_URL))
    context = {"form": form, "next": next_address(request, settings.LOGIN_REDIRECT_URL)}
    return render(request, "registration/login.html", context, status=422 if form.is_bound else 200)


@require_POST
def logout(request):
    request.user.end_sessions(request.session.session_key)
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request):
    user = request.user
    form = (FirstPasswordForm if user.must_change_password else ChangePasswordForm)(user, request.POST or None)
    if form.is_valid():
        user.choose_password(form.cleaned_data["new_password1"])
        # Every session has ended with the old password; this one goes on under a new key.
        update_session_auth_hash(request, user)
        remember_session(request, user)
        messages.success(request, _("Your password is changed. Other devices have been logged out."))
        return redirect("home")
    base = "base_auth.html" if user.must_change_password else "base.html"
    context = {"form": form, "base": base, "is_first": user.must_change_password}
    return render(request, "registration/password_change.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        response = redirect("profile")
        keep_language(response, request.user.language)
        return response
    context = {
        "form": form,
        "sessions": request.user.sessions.all(),
        "here": request.session.session_key,
        "memberships": request.user.memberships.current().select_related("unit"),
        "limit": settings.SESSIONS_PER_PERSON,
    }
    return render(request, "registration/profile.html", context, status=422 if form.is_bound else 200)


@require_POST
def session_end(request, pk):
    session = get_object_or_404(request.user.sessions, pk=pk)
    request.user.end_sessions(session.session_key)
    messages.success(request, _("That device has been logged out."))
    return redirect("profile")


@login_not_required
@require_POST
def set_language(request):
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        return HttpResponseBadRequest("unknown language")
    if request.user.is_authenticated and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])
    response = redirect(next_address(request, "home"))
    keep_language(response, language)
    return response


def keep_language(response, language):
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
