"""The ways in which a dossier arrives, in words."""

from flask_babel import lazy_gettext

CHANNEL_TITLES = {
    "direct": lazy_gettext("Online"),
    "national_portal": lazy_gettext("National Public Service Portal"),
    "counter": lazy_gettext("At the counter"),
    "post": lazy_gettext("By post"),
    "older_register": lazy_gettext("Taken over from an older register"),
}
