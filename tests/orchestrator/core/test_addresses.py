from ipaddress import ip_address

import pytest

from orchestrator.core.guard.addresses import check_host
from schema.errors import InvalidField
from schema.reach import IP, is_allowed


@pytest.mark.parametrize("text", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_are_allowed(text: str) -> None:
    assert is_allowed(ip_address(text), allow_loopback=False)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_loopback_is_the_callers_choice(text: str) -> None:
    assert is_allowed(ip_address(text), allow_loopback=True)
    assert not is_allowed(ip_address(text), allow_loopback=False)


@pytest.mark.parametrize(
    "text", ["10.0.0.1", "172.31.255.254", "192.168.1.1", "fd12:3456::1", "::ffff:10.0.0.1"]
)
def test_a_private_network_is_the_callers_choice(text: str) -> None:
    assert is_allowed(ip_address(text), allow_loopback=True, allow_private=True)
    assert not is_allowed(ip_address(text), allow_loopback=True)


@pytest.mark.parametrize(
    "text",
    [
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
    ],
)
def test_what_tells_a_machine_its_secrets_is_nobodys_choice(text: str) -> None:
    assert not is_allowed(ip_address(text), allow_loopback=True, allow_private=True)


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)
def test_private_and_disguised_addresses_are_refused(text: str) -> None:
    assert not is_allowed(ip_address(text), allow_loopback=True)


async def test_one_private_answer_among_public_ones_is_enough_to_refuse() -> None:
    async def answers(_host: str) -> list[IP]:
        return [ip_address("93.184.216.34"), ip_address("10.0.0.1")]

    with pytest.raises(InvalidField, match="private"):
        await check_host("url", "rebinding.example", allow_loopback=True, resolver=answers)


async def test_an_unknown_name_is_refused() -> None:
    async def nothing(_host: str) -> list[IP]:
        raise OSError("no such name")

    with pytest.raises(InvalidField, match="resolved"):
        await check_host("url", "nowhere.example", allow_loopback=True, resolver=nothing)


async def test_the_real_resolver_takes_an_address_as_it_is() -> None:
    await check_host("url", "127.0.0.1", allow_loopback=True)
    with pytest.raises(InvalidField):
        await check_host("url", "127.0.0.1", allow_loopback=False)
