"""Forms of administration: inviting staff, granting roles, units."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from accounts.forms.fields import LANGUAGE_CHOICES, REQUIRED, email, options, or_nothing, text
from accounts.models import Unit
from accounts.models.places import DOSSIER_CODE_PATTERN
from accounts.operations.grants import GrantTerms
from accounts.operations.units import UnitFacts
from accounts.wording import UNIT_KIND_TITLES
from foundation.forms import PageForm
from foundation.register import ROLES, SCOPES
from foundation.wording import LANGUAGES, in_language

NOT_NARROWED = ("", _("Not narrowed"))


class StaffInvitationForm(PageForm):
    full_name = text(_("Full name"), validators=[REQUIRED])
    email = email()
    language = SelectField(_("Language of the mail"), choices=LANGUAGE_CHOICES, validators=[REQUIRED])


def _scope(label: object) -> SelectField:
    return SelectField(label, default="", description=_("Empty: everywhere."))


class GrantForm(PageForm):
    """A role with its scope and period; what is left empty does not narrow it."""

    role = SelectField(_("Role"), validators=[REQUIRED])
    scope_unit_id = SelectField(_("Unit"), default="", description=_("With all units below it. Empty: the whole city."))
    scope_procedure = _scope(_("Procedure"))
    scope_park = _scope(_("Park"))
    scope_fund = _scope(_("Fund"))
    starts_on = DateField(_("First day"), validators=[InputRequired(message=_("Enter this."))])
    ends_on = DateField(_("Last day"), validators=[Optional()], description=_("Empty: until revoked."))
    reason = text(
        _("Reason"), limit=500, validators=[REQUIRED], description=_("The decision of assignment, for example.")
    )

    def offer(self, session: Session, units: Iterable[Unit], language: str) -> None:
        """Fill the choices: every registered role, the units as a tree, what the domains know of scopes."""
        roles = [(role.code, in_language(role.title, language)) for role in ROLES.values()]
        self.role.choices = options([("", _("Choose…")), *roles])
        tree = [(str(unit.id), "– " * unit.depth + unit.title(language)) for unit in units]
        self.scope_unit_id.choices = options([NOT_NARROWED, *tree])
        for code in ("procedure", "park", "fund"):
            if code in SCOPES:
                offered = SCOPES[code].choices(session, language)
                self[f"scope_{code}"].choices = options([NOT_NARROWED, *offered])
            else:
                del self[f"scope_{code}"]

    def terms(self) -> GrantTerms:
        """What was chosen, still to be judged."""
        unit = or_nothing(self.scope_unit_id.data)
        return GrantTerms(
            role=self.role.data,
            starts_on=self.starts_on.data or date.min,
            ends_on=self.ends_on.data,
            reason=self.reason.data,
            scope_unit_id=None if unit is None else int(unit),
            scope_procedure=self._chosen("procedure"),
            scope_park=self._chosen("park"),
            scope_fund=self._chosen("fund"),
        )

    def _chosen(self, scope: str) -> str | None:
        name = f"scope_{scope}"
        return (self[name].data or None) if name in self else None


class UnitForm(PageForm):
    """A unit of the city; the parent is chosen once, when it is added."""

    code = text(_("Code"), limit=40, validators=[REQUIRED])
    name_vi = text(_("Name in Vietnamese"), validators=[REQUIRED])
    name_en = text(_("Name in English"), validators=[REQUIRED])
    name_fr = text(_("Name in French"), validators=[REQUIRED])
    kind = SelectField(_("Kind"), choices=options(UNIT_KIND_TITLES.items()), validators=[REQUIRED])
    dossier_code_pattern = text(
        _("Pattern of dossier codes"),
        limit=100,
        default=DOSSIER_CODE_PATTERN,
        validators=[REQUIRED],
        description=_("Holds {unit}, {yymmdd} and {serial:04}, each once."),
    )

    def facts(self) -> UnitFacts:
        """What was typed, still to be judged."""
        return UnitFacts(
            code=self.code.data.upper(),
            name={language: self[f"name_{language}"].data for language in LANGUAGES},
            kind=self.kind.data,
            dossier_code_pattern=self.dossier_code_pattern.data,
        )


class NewUnitForm(UnitForm):
    parent_id = SelectField(_("Belongs to"), validators=[REQUIRED])

    def offer_parents(self, units: Iterable[Unit], language: str) -> None:
        """Fill the choice of the unit above."""
        self.parent_id.choices = options((str(unit.id), "– " * unit.depth + unit.title(language)) for unit in units)
