"""The one blueprint of this package; recognising people begins when it is registered."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from accounts.web import identity

blueprint = Blueprint("accounts", __name__)


@blueprint.record_once
def install_identity(state: BlueprintSetupState) -> None:
    identity.install(state.app)
