"""What an officer says when registering a dossier for an applicant: who, which procedure, how it came in."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import Form, StringField

from applications.models import ARRIVING
from foundation.errors import Invalid

CHANNEL_TITLES = {
    "counter": lazy_gettext("At the counter"),
    "post": lazy_gettext("By post"),
    "national_portal": lazy_gettext("National Public Service Portal"),
    "direct": lazy_gettext("Online"),
}


class RegistrationForm(Form):
    """The applicant by number, the procedure by code, the channel and the code that it gave."""

    organisation = StringField(lazy_gettext("Applicant"))
    procedure = StringField(lazy_gettext("Procedure"))
    channel = StringField(lazy_gettext("How the dossier came in"))
    external_code = StringField(lazy_gettext("Code given by the National Public Service Portal"))

    @property
    def channels(self) -> list[tuple[str, Any]]:
        """The ways that are not the applicant's own."""
        return [(channel, title) for channel, title in CHANNEL_TITLES.items() if channel != "direct"]

    def facts(self) -> dict[str, Any]:
        """What ``create_draft`` takes. Raises Invalid for what was left open."""
        organisation = self.organisation.data or ""
        missing = [name for name in ("organisation", "procedure", "channel") if not self[name].data]
        if missing:
            raise Invalid({name: ["required"] for name in missing})
        if self.channel.data == "direct" or self.channel.data not in ARRIVING:
            raise Invalid({"channel": ["not_a_choice"]})
        if not (organisation.isascii() and organisation.isdecimal() and len(organisation) < 19):
            raise Invalid({"organisation": ["does_not_exist"]})
        return {
            "procedure_code": self.procedure.data,
            "organisation_id": int(organisation),
            "channel": self.channel.data,
            "external_code": self.external_code.data,
        }
