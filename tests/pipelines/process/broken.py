"""Children whose one kind goes wrong."""

import ctypes
import time
from multiprocessing.connection import Connection

from pipelines.kind import Kind, Made, Recipe, Task, as_json
from pipelines.process import child
from pipelines.registry import KINDS

NONE = Recipe("none")


def crash(_: Task) -> Made:
    ctypes.string_at(0)
    return as_json([], NONE)


def eat(_: Task) -> Made:
    return as_json([len(bytearray(8 * 1024**3))], NONE)


def hang(task: Task) -> Made:
    task.progress(10)
    time.sleep(600)
    return as_json([], NONE)


def compute(_: Task) -> Made:
    """Says nothing of its progress."""
    time.sleep(600)
    return as_json([], NONE)


def help_me(task: Task) -> Made:
    """Uses all that a parent does for a child."""
    task.progress(50)
    task.keep("ogg", b"sound")
    found, missing = task.read("there"), task.read("gone")
    return as_json([found, missing, task.ask.put("prompt", "text"), task.ask.model], NONE)


def insist(task: Task) -> Made:
    """Of a kind that nothing but the language model can make."""
    task.ask.put("prompt", "text")
    return as_json([], NONE)


def insisting(parent: Connection) -> None:
    KINDS["transcript"] = Kind(insist)
    child.main(parent)


def crashing(parent: Connection) -> None:
    KINDS["transcript"] = Kind(crash)
    child.main(parent)


def hungry(parent: Connection) -> None:
    KINDS["transcript"] = Kind(eat)
    child.main(parent)


def hanging(parent: Connection) -> None:
    KINDS["transcript"] = Kind(hang)
    child.main(parent)


def computing(parent: Connection) -> None:
    KINDS["transcript"] = Kind(compute)
    child.main(parent)


def asking(parent: Connection) -> None:
    KINDS["transcript"] = Kind(help_me)
    child.main(parent)
