"""The files for production agree with the settings code: .env.example, compose.yaml, livekit.yaml."""

import re
import socket
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.cli.stack import servers
from orchestrator.cli.stack.plan import CONTROL_ONLY
from orchestrator.cli.stack.ports import free_port, free_udp_port
from orchestrator.settings import (
    BY_SEED_NAME,
    PREFIX,
    Secret,
    Settings,
    SettingsError,
    load_settings,
    variable,
)
from tests.support.servers import child, run_redis

ROOT = Path(__file__).parents[2]
OURS = ("migrate", "control", "asr", "agents", "egress", "pipelines")
SECRETS = ("SECRET", "PASSWORD", "TOKEN", "ENCRYPTION_KEY")
SECRET_VALUE = "c0ffee" + "0" * 58


def read_env(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", maxsplit=1) for line in lines)


def filled_in() -> dict[str, str]:
    """deploy/compose.env.example as its reader would complete it."""
    given = read_env(ROOT / "deploy" / "compose.env.example")
    return {name: value or SECRET_VALUE for name, value in given.items()}


def interpolate(text: str, env: dict[str, str]) -> str:
    """`${NAME:?hint}` and `${NAME:-default}`, as Compose does it. Raises KeyError for an unknown required name."""

    def value(match: re.Match[str]) -> str:
        name, operator, rest = match.groups()
        return env[name] if operator == "?" or name in env else rest

    return re.sub(r"\$\{(\w+):([?-])([^}]*)\}", value, text)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(interpolate(text, filled_in()))
    return loaded


def test_the_example_documents_every_setting_and_no_other() -> None:
    documented = read_env(ROOT / ".env.example")
    assert set(documented) == {variable(field) for field in Settings.__struct_fields__}


def test_the_example_gives_the_defaults() -> None:
    example, default = load_settings(read_env(ROOT / ".env.example")), Settings()
    different = [
        field
        for field in Settings.__struct_fields__
        if getattr(example, field) != getattr(default, field)
    ]
    assert different == []


@pytest.mark.parametrize("service", ["asr", "agents", "egress", "pipelines"])
def test_only_the_control_plane_holds_the_database_and_the_key(
    compose: dict[str, Any], service: str
) -> None:
    held = set(compose["services"][service]["environment"])
    assert held & CONTROL_ONLY == set()
    assert set(compose["services"]["control"]["environment"]) >= {"DATABASE_URL", "ENCRYPTION_KEY"}


def test_every_line_of_the_example_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    explained = False
    for line in lines:
        explained = bool(line) and (line.startswith("#") or explained)
        assert explained or not line


@pytest.mark.parametrize("service", OURS)
def test_compose_starts_our_programs_with_settings_that_load(
    compose: dict[str, Any], service: str
) -> None:
    settings = load_settings(compose["services"][service]["environment"])
    assert settings.mode == "production"
    assert settings.internal_token == Secret(SECRET_VALUE)
    assert settings.livekit_api_url == "ws://livekit:7880"


@pytest.mark.parametrize("service", OURS)
def test_compose_sets_nothing_that_is_no_setting(compose: dict[str, Any], service: str) -> None:
    known = {variable(field) for field in Settings.__struct_fields__}
    assert set(compose["services"][service]["environment"]) <= known


def test_workers_get_no_database(compose: dict[str, Any]) -> None:
    for service in ("asr", "agents", "egress", "pipelines"):
        assert "DATABASE_URL" not in compose["services"][service]["environment"]


def test_agents_and_speech_share_their_socket(compose: dict[str, Any]) -> None:
    folder = str(Path(Settings().asr_socket).parent)
    for service in ("asr", "agents"):
        assert f"speech:{folder}" in compose["services"][service]["volumes"]


def test_every_port_is_on_loopback(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert len(ports) >= 8
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_proxy_is_told_all_that_its_template_asks_for(compose: dict[str, Any]) -> None:
    template = (ROOT / "deploy" / "proxy.conf.template").read_text()
    given = compose["services"]["proxy"]["environment"]
    assert set(re.findall(r"\$\{(\w+)\}", template)) == set(given)
    folder = Path("/etc/nginx/tls")
    assert {Path(given[name]).parent for name in ("PROXY_CERTIFICATE", "PROXY_KEY")} == {folder}
    mounts = [volume.split(":")[1] for volume in compose["services"]["proxy"]["volumes"]]
    assert mounts == ["/etc/nginx/templates/default.conf.template", str(folder)]


def test_the_control_plane_believes_the_proxy_and_no_other_service(compose: dict[str, Any]) -> None:
    front = {name for name, service in compose["services"].items() if is_in_front(service)}
    assert front == {"proxy", "control", "livekit"}
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    trusted = load_settings(compose["services"]["control"]["environment"]).trusted_proxies
    assert trusted == subnet["subnet"]


def is_in_front(service: dict[str, Any]) -> bool:
    return "front" in service.get("networks", [])


def test_what_serves_has_a_health_check_and_a_grace_period(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if service.get("ports"):
            assert service["healthcheck"]["test"], name
            assert service["stop_grace_period"], name


def test_grace_outlasts_drain(compose: dict[str, Any]) -> None:
    """Docker must not kill what is still ending in order."""
    for name in OURS[1:]:
        service = compose["services"][name]
        drain_s = load_settings(service["environment"]).drain_s
        assert seconds(service["stop_grace_period"]) > drain_s, name


def test_no_secret_stands_in_the_files() -> None:
    for path in (".env.example", "deploy/compose.env.example"):
        filled = {
            name for name, value in read_env(ROOT / path).items() if value and is_secret(name)
        }
        assert filled == set()


def test_compose_asks_for_what_its_example_lists() -> None:
    asked = set(re.findall(r"\$\{(\w+):", (ROOT / "compose.yaml").read_text()))
    assert asked == set(read_env(ROOT / "deploy" / "compose.env.example"))


def test_the_sfu_signs_its_webhooks_for_our_control_plane(compose: dict[str, Any]) -> None:
    sfu = yaml.safe_load((ROOT / "livekit.yaml").read_text())
    control = load_settings(compose["services"]["control"]["environment"])
    assert sfu["webhook"]["api_key"] == control.livekit_api_key
    assert sfu["webhook"]["urls"] == [f"{control.control_url}/api/webhooks/livekit"]
    assert sfu["redis"]["address"] == "redis:6379"
    assert control.redis_url.reveal().endswith("@redis:6379/0")


def test_livekits_own_egress_has_the_bus_the_key_and_the_store_of_ours(
    compose: dict[str, Any],
) -> None:
    theirs = compose["services"]["livekit-egress"]
    config = yaml.safe_load(theirs["environment"]["EGRESS_CONFIG_BODY"])
    ours = load_settings(compose["services"]["egress"]["environment"])
    assert theirs["profiles"] == ["livekit-egress"]
    assert (config["api_key"], Secret(config["api_secret"])) == (
        ours.livekit_api_key,
        ours.livekit_api_secret,
    )
    # What the programme's page may connect to is what browsers are told.
    assert config["ws_url"] == ours.livekit_url
    redis = config["redis"]
    assert ours.redis_url.reveal() == f"redis://:{redis['password']}@{redis['address']}/0"
    store = config["storage"]["s3"]
    assert ours.storage_url == f"s3://{store['bucket']}"
    assert (store["endpoint"], Secret(store["access_key"]), Secret(store["secret"])) == (
        ours.s3_endpoint,
        ours.s3_access_key,
        ours.s3_secret_key,
    )


def test_livekits_own_egress_is_refused_a_store_that_it_cannot_write_to(
    compose: dict[str, Any],
) -> None:
    env = compose["services"]["control"]["environment"] | {"LECTERN_EGRESS_ENGINE": "livekit"}
    assert load_settings(env).egress_engine == "livekit"
    with pytest.raises(SettingsError, match="LECTERN_STORAGE_URL=s3://"):
        load_settings(env | {"LECTERN_STORAGE_URL": "file:///var/lib/lectern/objects"})


def test_the_sfu_starts_with_this_file(tmp_path: Path) -> None:
    """The real livekit-server refuses unknown keys; only addresses are changed to this machine's."""
    from orchestrator.cli.stack import binaries  # noqa: PLC0415

    config = yaml.safe_load((ROOT / "livekit.yaml").read_text())
    password, port = Secret("s" * 32), free_port()
    with run_redis(tmp_path, password) as redis_port:
        config |= {"port": port, "bind_addresses": ["127.0.0.1"], "keys": {"lectern": "k" * 32}}
        config["redis"] |= {"address": f"127.0.0.1:{redis_port}", "password": password.reveal()}
        config["rtc"] |= {
            "udp_port": free_udp_port(),
            "tcp_port": free_port(),
            "node_ip": "127.0.0.1",
            "interfaces": {"includes": ["lo"]},
            "enable_loopback_candidate": True,
        }
        (tmp_path / "livekit.yaml").write_text(yaml.safe_dump(config))
        binary = binaries.livekit()
        assert binary is not None
        command = [str(binary.path), "--config", str(tmp_path / "livekit.yaml")]
        with child(command, tmp_path / "livekit.log", port), socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_embedded_sfu_differs_only_where_it_must() -> None:
    """What `up` writes and what production runs are the same sections."""
    embedded = servers.livekit_config(
        servers.LiveKit(
            port=7880,
            udp_port=7882,
            api_key="lectern",
            api_secret=Secret("s" * 32),
            redis_port=6379,
            redis_password=Secret("p"),
            webhook_url="http://127.0.0.1:5000/api/webhooks/livekit",
        )
    )
    production = yaml.safe_load((ROOT / "livekit.yaml").read_text())
    assert set(embedded) - set(production) == {"keys"}
    assert embedded["port"] == production["port"]
    assert embedded["bind_addresses"] == ["127.0.0.1"]


def test_a_public_host_opens_the_sfu_and_nothing_else_does() -> None:
    """An empty list of addresses would leave livekit-server without any, and it would not say so."""
    config = servers.livekit_config(
        servers.LiveKit(
            port=7880,
            udp_port=7882,
            api_key="lectern",
            api_secret=Secret("s" * 32),
            redis_port=6379,
            redis_password=Secret("p"),
            public_host="192.0.2.7",
        )
    )
    assert config["bind_addresses"] == ["0.0.0.0"]
    assert config["rtc"]["node_ip"] == "192.0.2.7"
    assert "interfaces" not in config["rtc"]


def seconds(text: str) -> int:
    number, unit = int(text[:-1]), text[-1]
    return number * {"s": 1, "m": 60, "h": 3600}[unit]


def is_secret(name: str) -> bool:
    return any(word in name for word in SECRETS) and not name.startswith("NEXT_PUBLIC")


def test_seed_names_have_no_prefix() -> None:
    assert {variable(field) for field in BY_SEED_NAME} & {
        PREFIX + f.upper() for f in BY_SEED_NAME
    } == set()
