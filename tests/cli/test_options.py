"""What `up --detach` writes to its supervisor is what the supervisor reads."""

from pathlib import Path

from orchestrator.cli.stack.plan import Options, decode, encode


def test_options_survive_the_way_to_the_supervisor() -> None:
    options = Options(
        data=Path("/some where/é"), port_base=6000, overrides={"LECTERN_ASR_MODEL": "base"}
    )
    assert decode(encode(options)) == options
