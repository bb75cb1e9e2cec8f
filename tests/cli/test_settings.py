"""Settings that do not go together are refused by the variable's name, before anything starts."""

import pytest

from orchestrator.settings import SettingsError, languages_of, load_settings

MODEL = {
    "LECTERN_LANGUAGE_MODEL_URL": "http://127.0.0.1:9/v1",
    "LECTERN_LANGUAGE_MODEL": "small",
}


def test_languages_are_codes_each_once_in_their_order() -> None:
    settings = load_settings(MODEL | {"LECTERN_TRANSLATE_INTO": " fr, de,,fr ,pt-BR"})
    assert languages_of(settings) == ("fr", "de", "pt-BR")
    assert languages_of(load_settings({})) == ()


@pytest.mark.parametrize("given", ["German", "de;fr", "../x", "d", "de-", "DE"])
def test_what_is_no_code_of_a_language_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="LECTERN_TRANSLATE_INTO"):
        load_settings(MODEL | {"LECTERN_TRANSLATE_INTO": given})


def test_translating_needs_a_language_model() -> None:
    with pytest.raises(SettingsError, match="needs LECTERN_LANGUAGE_MODEL_URL"):
        load_settings({"LECTERN_TRANSLATE_INTO": "de"})
