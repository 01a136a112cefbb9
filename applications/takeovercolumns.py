"""What the sheet of an older register is asked: number, applicant, dates, end, source, and the pack's questions."""

from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from applications.packs.model import Choice, FieldSpec, Pack
from foundation.wording import LANGUAGES, Trilingual

NUMBER, END, APPLICANT, TAX_CODE, RECEIVED, DECIDED, SOURCE = (
    f"older_register_{name}"
    for name in ("number", "end", "applicant", "tax_code", "received_on", "decided_on", "source")
)
MOST_ROWS = 5000
"""Rows of one sheet; a longer register comes in several."""

_TITLES: dict[str, LazyString] = {
    NUMBER: lazy_gettext("Number in the older register"),
    END: lazy_gettext("How it ended"),
    APPLICANT: lazy_gettext("Applicant, as written there"),
    TAX_CODE: lazy_gettext("Tax code of the applicant"),
    RECEIVED: lazy_gettext("Received on"),
    DECIDED: lazy_gettext("Decided on"),
    SOURCE: lazy_gettext("Source (URL)"),
}
_HELP: dict[str, LazyString] = {
    NUMBER: lazy_gettext("Unique in its register. A number that was taken over before is left alone."),
    TAX_CODE: lazy_gettext("Of an organisation that is registered here; the dossier is then among its own."),
    SOURCE: lazy_gettext("A web address at which the older entry can be read."),
}


def takeover_table(pack: Pack) -> FieldSpec:
    """The columns of the sheet, as the columns of a table: required is what every older dossier must bring."""
    ends = tuple(Choice(state.key, state.title) for state in pack.states if state.kind == "final")
    own = (
        _own(NUMBER, "text", required=True, max_length=64),
        FieldSpec(END, "choice", _said(_TITLES[END]), required=True, choices=ends),
        _own(APPLICANT, "text", max_length=300),
        _own(TAX_CODE, "text", max_length=20),
        _own(RECEIVED, "date", latest="today"),
        _own(DECIDED, "date", latest="today"),
        _own(SOURCE, "text", max_length=1000, pattern=r"https?://[^\s<>]+"),
    )
    return FieldSpec(
        key="older_register",
        type="table",
        label=_said(lazy_gettext("Older register")),
        columns=(*own, *(_asked(spec, pack) for spec in pack.field_by_key.values() if not spec.calculated)),
        limits={"max_rows": MOST_ROWS},
    )


def _own(key: str, kind: str, *, required: bool = False, **limits: object) -> FieldSpec:
    described = _said(_HELP[key]) if key in _HELP else None
    return FieldSpec(key, kind, _said(_TITLES[key]), help=described, required=required, limits=limits)


def _asked(spec: FieldSpec, pack: Pack) -> FieldSpec:
    """A question of the pack: an older dossier owes no answer but its name."""
    return FieldSpec(
        key=spec.key,
        type=spec.type,
        label=spec.label,
        help=spec.help,
        required=spec.key == pack.title_field,
        choices=spec.choices,
        columns=spec.columns,
        limits={name: limit for name, limit in spec.limits.items() if name not in ("earliest", "latest")},
    )


def _said(words: LazyString) -> Trilingual:
    """A sentence of the product in each language, as packs hold their words."""
    said = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = str(words)
    return said
