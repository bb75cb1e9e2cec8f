"""The administrator of the demo school, signed in on a bench's ground."""

from orchestrator.cli.classroom.people import Person
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.stack.credentials import credentials


def staff(here: Ground) -> Person:
    admin = next(one for one in credentials(here.data).accounts if one.role == "admin")
    return Person(here.settings.control_url, admin.email, admin.password)
