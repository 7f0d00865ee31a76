"""account/: a person's own account. The names have no namespace because Django asks for some of them."""

from django.urls import path

from units.views import account

urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("password/", account.password_change, name="password-change"),
    path("profile/", account.profile, name="profile"),
    path("sessions/<int:pk>/end/", account.session_end, name="session-end"),
    path("language/", account.set_language, name="set-language"),
]
