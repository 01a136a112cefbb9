"""The mails of accounts, in the language of whoever gets them.

Mails that strangers can cause hold no word of theirs, so that nobody writes to others through us.
"""

from flask import current_app
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from accounts.models import Invitation, Organisation, Person, SignUp
from foundation.mails import send_mail
from foundation.noticekinds import NoticeKind, register_notice

SIGN_UP_ASKED = NoticeKind(
    "sign_up_asked",
    subject=lazy_gettext("Confirm your e-mail address"),
    body=lazy_gettext(
        "Hello,\n\n"
        "somebody, probably you, asked to open an account with this address. To open it, go to this page and "
        "press the button:\n\n"
        "%(link)s\n\n"
        "The link works once, within two days. If it was not you, do nothing: no account will be opened."
    ),
    is_secret=True,
)
SIGN_UP_REPEATED = NoticeKind(
    "sign_up_repeated",
    subject=lazy_gettext("You already have an account"),
    body=lazy_gettext(
        "Hello,\n\n"
        "somebody, probably you, asked to open an account with this address. You have one already. Sign in "
        "here:\n\n"
        "%(link)s\n\n"
        "If you forgot your password, set a new one here:\n\n"
        "%(forgot)s\n\n"
        "If it was not you, do nothing: nothing has changed."
    ),
)
PASSWORD_RESET_ASKED = NoticeKind(
    "password_reset_asked",
    subject=lazy_gettext("Set a new password"),
    body=lazy_gettext(
        "Hello,\n\n"
        "somebody, probably you, asked for a new password for this address. Set it on this page:\n\n"
        "%(link)s\n\n"
        "The link works once, within two hours. If it was not you, do nothing: your password stays as it is."
    ),
    is_secret=True,
)
EMAIL_CHANGE_ASKED = NoticeKind(
    "email_change_asked",
    subject=lazy_gettext("Confirm your new e-mail address"),
    body=lazy_gettext(
        "Hello,\n\n"
        "an account is to use this address from now on. To confirm, go to this page and press the button:\n\n"
        "%(link)s\n\n"
        "The link works once, within two hours. If it was not you, do nothing."
    ),
    is_secret=True,
)
EMAIL_CLAIMED = NoticeKind(
    "email_claimed",
    subject=lazy_gettext("You already have an account"),
    body=lazy_gettext(
        "Hello,\n\n"
        "somebody wanted to use this address for another account. An address belongs to one account only, and "
        "this one is yours: nothing has changed. Sign in here:\n\n"
        "%(link)s"
    ),
)
PASSWORD_CHANGED = NoticeKind(
    "password_changed",
    subject=lazy_gettext("Your password was changed"),
    body=lazy_gettext(
        "Hello,\n\n"
        "the password of your account was changed, and the other browsers in which you were signed in are signed "
        "out. If it was not you, set a new password at once:\n\n"
        "%(forgot)s"
    ),
)
EMAIL_CHANGED = NoticeKind(
    "email_changed",
    subject=lazy_gettext("Your account has a new e-mail address"),
    body=lazy_gettext(
        "Hello,\n\n"
        "your account no longer uses this address but another one, which was confirmed by a link. If it was not "
        "you, tell the administrators of the platform at once."
    ),
)
PERSON_INVITED = NoticeKind(
    "person_invited",
    subject=lazy_gettext("Your account is ready to be opened"),
    body=lazy_gettext(
        "Hello,\n\n"
        "%(inviter)s invites you to work with the city’s innovation platform. Choose a password on this page:\n\n"
        "%(link)s\n\n"
        "The link works once, within seven days."
    ),
    is_secret=True,
)
MEMBER_INVITED = NoticeKind(
    "member_invited",
    subject=lazy_gettext("Invitation to join %(organisation)s"),
    body=lazy_gettext(
        "Hello,\n\n"
        "%(inviter)s invites you to act for %(organisation)s on the city’s innovation platform. Accept on this "
        "page:\n\n"
        "%(link)s\n\n"
        "The link works once, within seven days. If you do not know the sender, do nothing."
    ),
    is_secret=True,
)
KINDS = (
    SIGN_UP_ASKED,
    SIGN_UP_REPEATED,
    PASSWORD_RESET_ASKED,
    EMAIL_CHANGE_ASKED,
    EMAIL_CLAIMED,
    PASSWORD_CHANGED,
    EMAIL_CHANGED,
    PERSON_INVITED,
    MEMBER_INVITED,
)


def register_kinds() -> None:
    """Make the mails of this package known."""
    for kind in KINDS:
        register_notice(kind)


def _address(path: str) -> str:
    """The full address of a page, as the world outside reaches it."""
    return f"{current_app.config['KHUEVAN'].public_url}{path}"


def confirm_sign_up(session: Session, sign_up: SignUp, secret: str) -> None:
    """Mail the link that opens the account of a sign-up."""
    facts = {"link": _address(f"/confirm/{secret}")}
    send_mail(session, sign_up.email, language=sign_up.language, kind=SIGN_UP_ASKED, facts=facts)


def account_exists(session: Session, sign_up: SignUp) -> None:
    """Tell the owner of an address that somebody signed up with it again."""
    facts = {"link": _address("/sign-in"), "forgot": _address("/forgot")}
    send_mail(session, sign_up.email, language=sign_up.language, kind=SIGN_UP_REPEATED, facts=facts)


def reset_password(session: Session, person: Person, secret: str) -> None:
    """Mail the link with which a forgotten password is replaced."""
    facts = {"link": _address(f"/reset/{secret}")}
    send_mail(session, person.email, language=person.language, kind=PASSWORD_RESET_ASKED, facts=facts)


def confirm_email(session: Session, person: Person, address: str, secret: str) -> None:
    """Mail the link that gives an account a new address, to that address."""
    facts = {"link": _address(f"/confirm/{secret}")}
    send_mail(session, address, language=person.language, kind=EMAIL_CHANGE_ASKED, facts=facts)


def address_taken(session: Session, person: Person, address: str) -> None:
    """Tell the owner of an address that another account wanted it."""
    facts = {"link": _address("/sign-in")}
    send_mail(session, address, language=person.language, kind=EMAIL_CLAIMED, facts=facts)


def password_changed(session: Session, person: Person) -> None:
    """Tell a person that their password is another one now."""
    facts = {"forgot": _address("/forgot")}
    send_mail(session, person.email, language=person.language, kind=PASSWORD_CHANGED, facts=facts)


def email_changed(session: Session, person: Person, former: str) -> None:
    """Tell the former address of an account that it is no longer in use."""
    send_mail(session, former, language=person.language, kind=EMAIL_CHANGED, facts={})


def invite_person(session: Session, invitation: Invitation, secret: str, *, inviter: str) -> None:
    """Mail the link with which somebody who works for the city opens their account."""
    facts = {"link": _address(f"/invitation/{secret}"), "inviter": inviter}
    send_mail(session, invitation.email, language=invitation.language, kind=PERSON_INVITED, facts=facts)


def invite_member(
    session: Session, invitation: Invitation, secret: str, *, organisation: Organisation, inviter: str
) -> None:
    """Mail the link with which somebody joins an organisation."""
    link = _address(f"/invitation/{secret}")
    facts = {"link": link, "organisation": organisation.name_vi, "inviter": inviter}
    send_mail(session, invitation.email, language=invitation.language, kind=MEMBER_INVITED, facts=facts)
