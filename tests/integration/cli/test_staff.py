"""`sauti staff`: links, lists, revoking and handing over."""

import asyncio

import pytest

from tests.integration.cli.shell import PAYLOAD, TOKEN, Shell, enrolled


def test_staff_invite_prints_a_link_once_and_keeps_no_copy_of_it(
    shell: Shell, telegram: str
) -> None:
    told = {"bot_token": TOKEN, "telegram_api_url": telegram}
    said = shell.said("staff", "invite", "--role", "moderator", **told)
    payload = PAYLOAD.search(said)
    assert payload
    assert f"?start={payload.group(1)}" in said
    assert "first of the desk" in said
    assert TOKEN not in said
    seed = payload.group(1).removeprefix("m-").encode()
    assert all(seed not in content for content in shell.files().values())


@pytest.mark.parametrize(
    ("desk", "name"),
    [
        ("022", "the desk of Kiambu (022)"),
        ("kiambu", "the desk of Kiambu (022)"),
        ("Kiambu", "the desk of Kiambu (022)"),
        ("nairobi-west", "the desk of Nairobi West (nairobi-west)"),
        ("national", "the national desk"),
    ],
)
def test_staff_invite_takes_a_desk_by_code_or_name(shell: Shell, desk: str, name: str) -> None:
    said = shell.said("staff", "invite", "--role", "moderator", "--desk", desk)
    assert PAYLOAD.search(said)
    assert f"moderator of {name}, valid" in said


def test_staff_invite_refuses_what_it_cannot_do_and_keeps_nothing(shell: Shell) -> None:
    before = shell.files()
    invite = ("staff", "invite", "--role")
    assert "'atlantis'" in shell.refusal(*invite, "moderator", "--desk", "atlantis")
    assert "--county or --area" in shell.refusal(*invite, "officer")
    assert "county_police" in shell.refusal(*invite, "officer", "--office", "police")
    assert "whole country" in shell.refusal(
        *invite, "officer", "--county", "047", "--office", "dci"
    )
    assert "'atlantis'" in shell.refusal(*invite, "officer", "--county", "atlantis")
    both = ("--county", "047", "--area", "nairobi-north")
    assert "not both" in shell.refusal(*invite, "officer", *both)
    part = ("--area", "nairobi-north", "--office", "county_police")
    assert "say --county" in shell.refusal(*invite, "officer", *part)
    assert "moderators" in shell.refusal(*invite, "officer", "--desk", "047")
    assert "officers" in shell.refusal(*invite, "moderator", "--county", "047")
    assert "nowhere.key" in shell.refusal(*invite, "moderator", "--root-key", "nowhere.key")
    public = str(shell.data / "keys" / "root.pub")
    assert "no root key" in shell.refusal(*invite, "moderator", "--root-key", public)
    assert shell.files() == before


def test_staff_invite_is_good_without_a_link_when_the_token_is_wrong(
    shell: Shell, telegram: str
) -> None:
    told = {"bot_token": "2:somebody-elses", "telegram_api_url": telegram}
    said = shell.said("staff", "invite", "--role", "moderator", **told)
    assert PAYLOAD.search(said)
    assert "https://t.me" not in said
    assert "somebody-elses" not in said


def test_staff_invite_is_good_without_a_link_when_the_token_cannot_be_read(shell: Shell) -> None:
    said = shell.said("staff", "invite", "--role", "moderator", bot_token="file:nowhere")
    assert PAYLOAD.search(said)
    assert "https://t.me" not in said


def test_staff_list_and_revoke_with_nobody_enrolled(shell: Shell) -> None:
    assert "Nobody is enrolled" in shell.said("staff", "list")
    assert "0 members" in shell.refusal("staff", "revoke", "deadbeef")
    assert "eight characters" in shell.refusal("staff", "revoke", "d")


def test_staff_list_and_revoke_a_moderator(shell: Shell) -> None:
    payload = PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator"))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    listed = shell.said("staff", "list").split()
    assert listed[1:] == ["moderator", "national", "reads"]
    assert "revoked" in shell.said("staff", "revoke", listed[0])
    assert shell.said("staff", "list").split()[-1] == "revoked"


@pytest.mark.parametrize(
    ("words", "seat"),
    [
        (("--county", "muranga"), "Murang'a (021)"),
        (("--area", "nairobi-north"), "Nairobi North (nairobi-north)"),
        (
            ("--county", "021", "--office", "county_police"),
            "County Police Commander, Murang'a (021/county_police)",
        ),
        (
            ("--office", "ipoa"),
            "Independent Policing Oversight Authority (national/ipoa)",
        ),
    ],
)
def test_an_officer_is_invited_to_a_seat(shell: Shell, words: tuple[str, ...], seat: str) -> None:
    said = shell.said("staff", "invite", "--role", "officer", *words)
    assert PAYLOAD.search(said)
    assert f"officer: {seat}, valid" in said
    assert "no passphrase" in said


def test_a_seat_is_handed_over_and_the_one_who_leaves_is_out_at_once(shell: Shell) -> None:
    invite = ("staff", "invite", "--role", "officer", "--office", "ipoa")
    payload = PAYLOAD.search(shell.said(*invite))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    leaving, *listed = shell.said("staff", "list").split()
    assert listed == ["officer", "national/ipoa", "is", "told"]
    said = shell.said("staff", "handover", leaving)
    following = PAYLOAD.search(said)
    assert following
    assert "Authority (national/ipoa)" in said
    assert shell.said("staff", "list").split()[-1] == "revoked"
    asyncio.run(enrolled(shell.data, following.group(1)))
    assert "is told" in shell.said("staff", "list")


def test_a_moderators_seat_is_not_handed_over(shell: Shell) -> None:
    payload = PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator"))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    member = shell.said("staff", "list").split()[0]
    assert "moderator" in shell.refusal("staff", "handover", member)
