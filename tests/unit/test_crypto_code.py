import hashlib

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crypto.code import Code, derive_root, mint, parse
from crypto.errors import CodeMalformed, CodeSlip
from domain.reports.check_character import check_character

CODE = Code(locator="7K3F9", digits="4821339055271064")


def test_a_code_reads_as_a_locator_a_check_character_and_four_groups() -> None:
    check = check_character("7K3F94821339055271064")
    assert CODE.text == f"7K3F9{check}-4821-3390-5527-1064"


@pytest.mark.parametrize(
    "typed",
    [
        "7k3f9f-4821-3390-5527-1064",
        " 7K3F9F 4821 3390 5527 1064\n",
        "7K3F9F4821339055271064",
        "7K3F9F\u20134821\u20143390\u22125527\u00a01064.",
        "7 K 3 F 9 F   4821_3390 (5527) 1O64",
        "7K3F9F-482I-339O-5527-l064",
        "\u200e7K3F9F-\uff14\uff18\uff12\uff11-3390-5527-1064",
        "7K3F9F-\u0664\u0668\u0662\u0661-3390-5527-1064",
    ],
)
def test_a_code_is_read_however_it_is_spaced_cased_or_dashed(typed: str) -> None:
    assert parse(typed) == CODE


@pytest.mark.parametrize("locator", ["0O1IL", "oO0o0"])
def test_look_alikes_in_a_locator_are_forgiven(locator: str) -> None:
    clean = locator.upper().translate(str.maketrans("OIL", "011"))
    code = Code(locator=clean, digits="0" * 16)
    assert parse(locator + code.text[5:]) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "7K3F9-4821-3390-5527-1064",
        CODE.text + "1",
        CODE.text[:-1],
        "\ud800",
        "🙂" * 22,
    ],
)
def test_what_cannot_be_a_code_is_told_from_a_slip(typed: str) -> None:
    with pytest.raises(CodeMalformed):
        parse(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "7K3F9G-4821-3390-5527-1064",
        "7K3F9F-4812-3390-5527-1064",
        "7K3F9F-4821-3390-5527-1O6X",
        "7U3F9F-4821-3390-5527-1064",
        "\u04173F9FK-4821-3390-5527-1064",
    ],
)
def test_a_slip_in_the_code_is_told_from_a_wrong_code(typed: str) -> None:
    with pytest.raises(CodeSlip):
        parse(typed)


def test_a_code_never_shows_itself() -> None:
    assert repr(CODE) == "Code()"


def test_minting_draws_every_part_from_chance() -> None:
    draws = iter([bytes([7, 32 + 19, 3, 15, 9]), (4821339055271064 + 10**16).to_bytes(32, "big")])
    assert mint(lambda size: next(draws)[:size]) == CODE
    assert len({mint().text for _ in range(50)}) == 50


@pytest.mark.usefixtures("full_cost")
def test_the_root_is_derived_word_by_word_as_the_design_says() -> None:
    salt = hashlib.sha256(b"sauti/salt/v1" + b"a deployment" + b"7K3F9").digest()[:16]
    argon = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19456)
    assert derive_root(CODE, b"a deployment") == argon.derive(b"4821339055271064")


def test_the_same_digits_under_another_locator_or_deployment_lead_elsewhere() -> None:
    other = Code(locator="7K3F8", digits=CODE.digits)
    roots = {derive_root(CODE, b"a"), derive_root(CODE, b"b"), derive_root(other, b"a")}
    assert len(roots) == 3
