"""What WTForms says by itself reaches the reader in the product's words and language."""

import pytest
from flask import Flask
from flask_babel import force_locale
from wtforms import DateField, DecimalField, IntegerField, SelectChoice, SelectField

from foundation.errors import Reason
from foundation.forms import PageForm
from foundation.reasons import sentence_of
from foundation.wording import LANGUAGES


class _Form(PageForm):
    day = DateField()
    whole = IntegerField()
    part = DecimalField()
    choice = SelectField(choices=[SelectChoice("a", "A")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_read_is_said_in_the_readers_language(app: Flask, language: str) -> None:
    sent = {"day": "tomorrow", "whole": "one", "part": "half", "choice": "b"}

    with app.test_request_context(method="POST", data=sent), force_locale(language):
        form = _Form()
        form.validate()
        expected = [
            sentence_of(Reason(code)) for code in ("not_a_date", "not_a_number", "not_a_number", "not_a_choice")
        ]

        assert [str(form[name].errors[0]) for name in sent] == expected
