"""What a person gets as one line instead of a traceback: each of these says what is wrong and the way out."""

from orchestrator.cli.install.steps import InstallFailed
from orchestrator.cli.runfile import AlreadyRunning
from orchestrator.cli.stack.binaries import MissingProgram
from orchestrator.cli.stack.ports import PortTaken
from orchestrator.cli.stack.servers import DataFolderError
from orchestrator.cli.stack.supervisor import StartFailed
from orchestrator.settings import SettingsError

REFUSALS = (
    AlreadyRunning,
    DataFolderError,
    InstallFailed,
    MissingProgram,
    PortTaken,
    SettingsError,
    StartFailed,
)
