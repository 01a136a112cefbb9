"""People and organisations as programs see them."""

from accounts.models.credentials import TOKEN_SCOPES
from accounts.models.organisations import LEGAL_FORMS, MEMBERSHIP_ROLES
from foundation.api import PageQuery
from foundation.schemas import Choice, Day, Inner, Many, Shape, Text, Whole
from foundation.wording import LANGUAGES


class OrganisationQuery(PageQuery):
    """What narrows the list."""

    q = Text(longest=200, metadata={"description": "Words of the name, or a tax code"})


class OrganisationItem(Shape):
    """An organisation in a list."""

    code = Text(required=True, metadata={"examples": ["TC-000042"]})
    name_vi = Text(required=True)
    name_en = Text(required=True, allow_none=True)
    tax_code = Text(required=True, allow_none=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)


class OrganisationPage(Shape):
    """Organisations, in the order of their codes."""

    items = Many(Inner(OrganisationItem), required=True)
    next_cursor = Text(required=True, allow_none=True)


class WardRef(Shape):
    code = Text(required=True)
    name = Text(required=True)


class OrganisationShape(OrganisationItem):
    """An organisation."""

    ward = Inner(WardRef, required=True, allow_none=True)
    address = Text(required=True, allow_none=True)
    email = Text(required=True, allow_none=True)
    phone = Text(required=True, allow_none=True)
    website = Text(required=True, allow_none=True)
    founded_on = Day(required=True, allow_none=True)


class OwnOrganisation(Shape):
    code = Text(required=True)
    name_vi = Text(required=True)
    name_en = Text(required=True, allow_none=True)
    role = Choice(*MEMBERSHIP_ROLES, required=True)


class OwnRole(Shape):
    """A role in force today; an empty scope means everywhere."""

    role = Text(required=True)
    title = Text(required=True)
    procedure = Text(required=True, allow_none=True)
    unit = Text(required=True, allow_none=True)
    park = Text(required=True, allow_none=True)
    fund = Text(required=True, allow_none=True)
    ends_on = Day(required=True, allow_none=True)


class MeShape(Shape):
    """Whoever the token acts for."""

    id = Whole(required=True)
    name = Text(required=True)
    email = Text(required=True)
    language = Choice(*LANGUAGES, required=True)
    token_scopes = Many(Choice(*TOKEN_SCOPES), required=True)
    organisations = Many(Inner(OwnOrganisation), required=True)
    roles = Many(Inner(OwnRole), required=True)
