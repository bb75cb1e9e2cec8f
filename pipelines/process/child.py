"""In the child: one artifact is made, whatever that does to the process."""

from multiprocessing.connection import Connection

import structlog

from pipelines.kind import Ask, Made, Task, Unmakeable, Unwritten
from pipelines.process.limits import confine
from pipelines.process.talk import (
    Answer,
    Failed,
    Finished,
    Kept,
    Object,
    Order,
    Progress,
    Prompt,
    Said,
    Wanted,
    decode_told,
    encode,
)
from pipelines.registry import KINDS

log = structlog.get_logger(__name__)

OUT_OF_MEMORY = "This needed more memory than one job may have."


def main(parent: Connection) -> None:
    """Runs until its one answer is given; a parent that goes away ends it."""
    order = decode_told(parent.recv_bytes())
    if isinstance(order, Order):
        confine(order.memory_bytes, idle=order.idle)
        parent.send_bytes(encode(_answer(parent, order)))


def _answer(parent: Connection, order: Order) -> Said:
    try:
        made = _make(parent, order)
    except Unmakeable as error:
        return Failed(error=str(error), cause="final")
    except Unwritten as why:
        return Failed(error=str(why), cause="away")
    except MemoryError:
        return Failed(error=OUT_OF_MEMORY, cause="final")
    except Exception as error:
        log.exception("making failed", kind=order.kind)
        return Failed(error=type(error).__name__, cause="broken")
    return Finished(files=made.files, recipe=made.recipe)


def _make(parent: Connection, order: Order) -> Made:
    def read(key: str) -> bytes | None:
        parent.send_bytes(encode(Wanted(key=key)))
        given = decode_told(parent.recv_bytes())
        return given.content if isinstance(given, Object) else None

    def keep(suffix: str, content: bytes) -> None:
        parent.send_bytes(encode(Kept(suffix=suffix, content=content)))

    def progress(percent: int) -> None:
        parent.send_bytes(encode(Progress(percent=percent)))

    def put(prompt: str, text: str) -> str:
        parent.send_bytes(encode(Prompt(prompt=prompt, text=text)))
        given = decode_told(parent.recv_bytes())
        if not isinstance(given, Answer):
            return ""
        if given.refusal:
            raise Unwritten(given.refusal)
        return given.text

    ask = Ask(order.language_model, put, order.languages)
    task = Task(order.source, order.made, read, keep, progress, order.parameters, ask)
    return KINDS[order.kind].make(task)
