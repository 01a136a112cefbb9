"""What WTForms says by itself reaches the reader in the product's words and language."""

import pytest
from flask import Flask
from flask_babel import force_locale
from wtforms import DateField, DecimalField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import Length, NumberRange

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


class _Limits(PageForm):
    share = DecimalField(validators=[NumberRange(min=0, max=100)])
    least = IntegerField(validators=[NumberRange(min=2)])
    most = IntegerField(validators=[NumberRange(max=5)])
    long = StringField(validators=[Length(max=1)])
    short = StringField(validators=[Length(min=3)])
    both = StringField(validators=[Length(min=3, max=4)])


def test_limits_are_told_in_the_readers_language_with_their_numbers(app: Flask) -> None:
    sent = {"share": "500", "least": "1", "most": "6", "long": "ab", "short": "ab", "both": "abcde"}

    with app.test_request_context(method="POST", data=sent), force_locale("vi"):
        form = _Limits()
        form.validate()
        told = [str(form[name].errors[0]) for name in sent]

    assert told == [
        "Nhập một số từ 0 đến 100.",
        "Nhập số không nhỏ hơn 2.",
        "Nhập số không lớn hơn 5.",
        "Dùng tối đa 1 ký tự.",
        "Dùng ít nhất 3 ký tự.",
        "Dùng từ 3 đến 4 ký tự.",
    ]
