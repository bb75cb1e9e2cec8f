"""The language model behind a summary: asked as its reference says, and every way it can fail said in words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from orchestrator.settings import Secret, Settings
from pipelines.kind import Unwritten
from pipelines.language import LanguageModel
from tests.fakes.chat import MODEL, FakeChat, fake_chat
from tests.fakes.openai import KEY


@pytest.fixture
async def fake() -> AsyncIterator[FakeChat]:
    async with fake_chat() as running:
        yield running


def model(url: str, key: str = KEY) -> LanguageModel:
    settings = Settings(
        language_model_url=url, language_model=MODEL, language_model_key=Secret(key)
    )
    made = LanguageModel.of(settings)
    assert made is not None
    return made


async def test_it_is_asked_with_the_prompt_and_the_text(fake: FakeChat) -> None:
    assert await model(f"{fake.url}/").write("Sum up.", "A long class.") == fake.text
    (asked,) = fake.asked
    assert [(one["role"], one["content"]) for one in asked["messages"]] == [
        ("system", "Sum up."),
        ("user", "A long class."),
    ]
    assert asked["temperature"] == 0, "the same class has the same summary"


@pytest.mark.parametrize("status", [500, 429, 404])
async def test_a_refusal_is_told_by_its_status(fake: FakeChat, status: int) -> None:
    fake.status = status
    with pytest.raises(Unwritten, match=str(status)):
        await model(fake.url).write("Sum up.", "A class.")


async def test_a_wrong_key_is_not_told(fake: FakeChat) -> None:
    with pytest.raises(Unwritten) as failed:
        await model(fake.url, key="not-this-one").write("Sum up.", "A class.")
    assert "not-this-one" not in str(failed.value)


@pytest.mark.parametrize(
    "body",
    [{}, {"choices": []}, {"choices": [{"message": {"role": "assistant", "content": None}}]}, "no"],
)
async def test_an_answer_without_a_text_is_none(fake: FakeChat, body: Any) -> None:
    fake.body = body
    with pytest.raises(Unwritten, match="none"):
        await model(fake.url).write("Sum up.", "A class.")


async def test_a_model_that_is_away_is_told() -> None:
    with pytest.raises(Unwritten, match="does not answer"):
        await model("http://127.0.0.1:9/v1").write("Sum up.", "A class.")


def test_without_an_address_there_is_none() -> None:
    assert LanguageModel.of(replace(Settings(), language_model_url="")) is None
