"""faster-whisper on windows cut to the utterance: a 10 s window costs a tenth of the usual 30 s and hears as well."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations
from huggingface_hub.errors import HfHubHTTPError

from agents.asr.engine import SAMPLE_RATE_HZ, Audio, SpokenWord, Transcript
from agents.asr.engines import guards, models

FRAMES_PER_S = 100
WHISPER_WINDOW_S = 30.0
PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001 punctuation of other scripts
UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
# Half of Whisper's context, as it was trained with.
LONGEST_HINT_TOKENS = 200


class Window:
    """How much silence follows the audio, and how hard the search is; docs/adr/0008-hearing.md has the measurements."""

    def __init__(self, shortest_s: float, tail_s: float, beam: int) -> None:
        self.shortest_s = shortest_s
        self.tail_s = tail_s
        self.beam = beam

    def length_s(self, duration_s: float) -> float:
        return min(max(self.shortest_s, duration_s + self.tail_s), WHISPER_WINDOW_S)


# Greedy search is enough for a text that lives half a second, and so is a 7 s window. A final in 10 s costs two thirds of one in
# 15 s, for 0.3 points of word error; 8 s save little more, for 0.7 points (ADR 0053).
PARTIAL = Window(shortest_s=7, tail_s=2, beam=1)
FINAL = Window(shortest_s=10, tail_s=3, beam=5)


class Decoded:
    """One search's result with what alignment needs again."""

    def __init__(self, tokenizer: Tokenizer, encoded: Any, result: Any) -> None:
        self.tokenizer = tokenizer
        self.encoded = encoded
        self.tokens: list[int] = result.sequences_ids[0]
        self.mean_logprob = result.scores[0] * len(self.tokens) / (len(self.tokens) + 1)
        self.no_speech_probability: float = result.no_speech_prob

    @property
    def text(self) -> str:
        return str(self.tokenizer.decode(self.tokens)).strip()

    @property
    def language(self) -> str:
        return str(self.tokenizer.language_code)


class WhisperEngine:
    """Satisfies agents.asr.engine.Engine; each thread decodes on one core, sharing the weights."""

    def __init__(self, model: str, threads: int) -> None:
        """Raises ModelUnknown, ModelMissing, ModelDamaged."""
        self._whisper = load(model, threads)
        self._tokenizers: dict[str, Tokenizer] = {}

    def partial(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        decoded = self._decode(audio, language, PARTIAL, glossary)
        words = decoded.text.split()
        text = " ".join(words[: guards.before_loop(words)])
        return Transcript(self._checked(text, audio, decoded), decoded.language)

    def final(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        decoded = self._decode(audio, language, FINAL, glossary)
        words = self._aligned(decoded, len(audio) / SAMPLE_RATE_HZ)
        words = words[: guards.before_loop([word.text for word in words])]
        text = self._checked("".join(word.text for word in words).strip(), audio, decoded)
        spoken = tuple(SpokenWord(w.text.strip(), w.start_s, w.end_s) for w in words)
        return Transcript(text, decoded.language, spoken if text else ())

    def _checked(self, text: str, audio: Audio, decoded: Decoded) -> str:
        duration_s = len(audio) / SAMPLE_RATE_HZ
        invented = guards.is_invented(
            text, duration_s, decoded.mean_logprob, decoded.no_speech_probability
        )
        return "" if invented else text

    def _decode(
        self, audio: Audio, language: str, window: Window, glossary: Sequence[str]
    ) -> Decoded:
        duration_s = len(audio) / SAMPLE_RATE_HZ
        if duration_s > WHISPER_WINDOW_S:
            raise ValueError(f"{duration_s:.1f} s are more than Whisper hears at once")
        encoded = self._encode(audio, window.length_s(duration_s))
        tokenizer = self._tokenizer(self._language(encoded, language))
        hint = _hint(tokenizer, glossary)
        prompt = [*hint, *tokenizer.sot_sequence, tokenizer.no_timestamps]
        results = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=window.beam,
            max_length=min(len(prompt) + guards.token_limit(duration_s), self._whisper.max_length),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
        )
        return Decoded(tokenizer, encoded, results[0])

    def _encode(self, audio: Audio, window_s: float) -> Any:
        # Silence is added to the samples, not zeros to the mel: 1.4 against 4.3 % word error on five real clips.
        samples = int(window_s * SAMPLE_RATE_HZ)
        padded = np.zeros(samples, np.float32)
        padded[: len(audio)] = audio
        mel = self._whisper.feature_extractor(padded)[:, : int(window_s * FRAMES_PER_S)]
        return self._whisper.encode(mel)

    def _language(self, encoded: Any, wanted: str) -> str:
        if not self._whisper.model.is_multilingual:
            return "en"
        if wanted in self._whisper.supported_languages:
            return wanted
        token, _ = self._whisper.model.detect_language(encoded)[0][0]
        return str(token.strip("<|>"))

    def _tokenizer(self, language: str) -> Tokenizer:
        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer,
                self._whisper.model.is_multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]

    def _aligned(self, decoded: Decoded, duration_s: float) -> list[SpokenWord]:
        """Words with their leading space; times are plain floats inside the audio (CTranslate2 gives np.float64)."""
        text_tokens = [token for token in decoded.tokens if token < decoded.tokenizer.eot]
        if not text_tokens:
            return []
        alignment = self._whisper.find_alignment(
            decoded.tokenizer, [text_tokens], decoded.encoded, int(duration_s * FRAMES_PER_S)
        )[0]
        merge_punctuations(alignment, PREPENDED, APPENDED)
        words = [_word(found, duration_s) for found in alignment if found["word"]]
        return words if decoded.language in UNSPACED else _whole(words)


def _hint(tokenizer: Tokenizer, glossary: Sequence[str]) -> list[int]:
    """As if the terms had been said before: the decoder then expects them."""
    if not glossary:
        return []
    tokens: list[int] = tokenizer.encode(f" {', '.join(glossary)}.")
    return [tokenizer.sot_prev, *tokens[:LONGEST_HINT_TOKENS]]


def _word(found: dict[str, Any], duration_s: float) -> SpokenWord:
    start_s = min(float(found["start"]), duration_s)
    return SpokenWord(
        str(found["word"]), start_s, max(start_s, min(float(found["end"]), duration_s))
    )


def _whole(words: list[SpokenWord]) -> list[SpokenWord]:
    """The tokenizer parts "ill-disposed" before its hyphen; a word begins at a space."""
    whole: list[SpokenWord] = []
    for word in words:
        if whole and not word.text.startswith(" "):
            first = whole.pop()
            whole.append(SpokenWord(first.text + word.text, first.start_s, word.end_s))
        else:
            whole.append(word)
    return whole


def load(model: str, threads: int) -> WhisperModel:
    """Raises ModelUnknown, ModelMissing, ModelDamaged."""
    files = models.bundled(model)
    place = model if files else models.location(model)
    try:
        return WhisperModel(
            place,
            device="cpu",
            compute_type="int8",
            cpu_threads=1,
            num_workers=threads,
            files=files,
        )
    except (OSError, HfHubHTTPError) as error:
        raise models.ModelMissing(f"{model} cannot be fetched; {models.advice(model)}.") from error
    except (RuntimeError, ValueError) as error:
        raise models.ModelDamaged(f"{model} cannot be loaded: {error}") from error
