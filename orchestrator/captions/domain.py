"""Who may change how a class is captioned and what was heard: pure decisions on the folded state."""

from uuid import UUID

from orchestrator.auth.domain import MODERATORS
from orchestrator.sessions.domain import member, refuse_over
from orchestrator.state.session import SessionState
from schema import events as e
from schema.auth import RoleName
from schema.captions import LANGUAGES, CaptionSettings, Cue, SetCaptionSettings
from schema.errors import InvalidField, NotFound, SpeakerRedacted, UnsupportedLanguage
from schema.texts import clean

# The recogniser takes 223 tokens as a hint, and names cost several each.
MAX_TERMS = 60
MAX_TERM_CHARS = 60
MAX_CUE_CHARS = 2000


def languages(asr_model: str) -> list[str]:
    """Codes that the recogniser in use knows, in order. Whisper's English models end in `.en`."""
    return ["en"] if asr_model.endswith(".en") else sorted(LANGUAGES)


def settings_of(command: SetCaptionSettings, known: list[str]) -> CaptionSettings:
    """Raises UnsupportedLanguage, InvalidField."""
    _known(command.language, known)
    terms = [clean(term, "glossary", MAX_TERM_CHARS) for term in command.glossary]
    if len(terms) > MAX_TERMS:
        raise InvalidField("glossary", f"At most {MAX_TERMS} names and terms.")
    return CaptionSettings(
        enabled=command.enabled,
        language=command.language,
        glossary=tuple(dict.fromkeys(terms)),
        mask_profanity=command.mask_profanity,
        correctors=command.correctors,
    )


def configure(state: SessionState, user_id: UUID, settings: CaptionSettings) -> list[e.Event]:
    """Also before class and, for who may correct, after it. Raises SessionOver for a cancelled one."""
    if state.status == "cancelled":
        refuse_over(state)
    if state.captions.settings == settings:
        return []
    return [e.CaptionsConfigured(settings=settings, changed_by=user_id)]


def choose_language(
    state: SessionState, session_id: UUID, user_id: UUID, language: str, known: list[str]
) -> list[e.Event]:
    """Raises UnsupportedLanguage, SessionNotLive, SessionOver, Forbidden."""
    _known(language, known)
    person = member(state, session_id, user_id)
    if state.captions.languages.get(person.id, "") == language:
        return []
    return [e.CaptionLanguageChosen(participant_id=person.id, language=language)]


def may_correct(settings: CaptionSettings, role: RoleName, *, own: bool) -> bool:
    if role in MODERATORS or settings.correctors == "everyone":
        return True
    return own and settings.correctors == "speakers"


def correct(state: SessionState, cue: Cue, text: str, user_id: UUID) -> list[e.Event]:
    """Raises SpeakerRedacted, InvalidField."""
    _refuse_redacted(state, cue.participant_id)
    text = clean(text, "text", MAX_CUE_CHARS)
    if text == cue.text:
        return []
    return [
        e.CaptionCorrected(
            segment_id=cue.segment_id,
            participant_id=cue.participant_id,
            text=text,
            corrected_by=user_id,
        )
    ]


def take_in(state: SessionState, heard: e.CaptionFinalized) -> list[e.Event]:
    """A cue that the log has not yet. Raises SpeakerRedacted."""
    _refuse_redacted(state, heard.participant_id)
    return [heard]


def redact(state: SessionState, participant_id: UUID, user_id: UUID) -> list[e.Event]:
    """For good. Raises NotFound for who was never in the class."""
    if participant_id not in state.participants:
        raise NotFound("There is nobody like this in class.")
    if participant_id in state.captions.redacted:
        return []
    return [e.CaptionsRedacted(participant_id=participant_id, redacted_by=user_id)]


def _refuse_redacted(state: SessionState, participant_id: UUID) -> None:
    if participant_id in state.captions.redacted:
        raise SpeakerRedacted("What this person said was taken out of the class.")


def _known(language: str, known: list[str]) -> None:
    if language and language not in known:
        raise UnsupportedLanguage(
            f"The recogniser in use does not know {language!r}.", {"languages": known}
        )
