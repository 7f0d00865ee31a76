"""Forms of a person's own account: logging in, the password, the profile."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from units.models import User

# What AUTH_PASSWORD_VALIDATORS ask for, in one sentence.
PASSWORD_RULES = _(
    "At least 10 characters, not digits alone, nothing easy to guess such as your name or telephone number."
)


class LoginForm(AuthenticationForm):
    """Name and password. Somebody whose one-time password has run out is told so, if it was the right one."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["username"].label = _("User name")
        # Django sets the longest name too late for a check; the list of failed logins holds no longer one.
        self.fields["username"].validators.append(MaxLengthValidator(self.username_field.max_length))

    def get_invalid_login_error(self):
        user = User.objects.filter(username=self.cleaned_data.get("username")).first()
        if user and user.invitation_has_run_out and user.check_password(self.cleaned_data.get("password")):
            return ValidationError(
                _("This one-time password has run out. Please ask the administrator for a new one."), code="run_out"
            )
        return super().get_invalid_login_error()


class NewPassword:
    """What both password forms share: the rules are told in one sentence, and the old password is no new one."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["new_password1"].help_text = PASSWORD_RULES
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(_("Please choose a password other than the one you have."), code="same")
        return password


class FirstPasswordForm(NewPassword, SetPasswordForm):
    """Right after a login with a one-time password: only the new one is asked for."""


class ChangePasswordForm(NewPassword, PasswordChangeForm):
    """At any other time: the old password first."""


class ProfileForm(forms.ModelForm):
    """What people may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["phone", "language"]
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})}
