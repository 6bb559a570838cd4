"""The demo's guided story, given to the page as data.

After the Nairobi forum of 3 October 2025, which heard of organised gangs and of politics
paying for crime. What proves a step is taken from the catalogues, in every language.
"""

import re
from typing import Any

from bot.texts.catalogue import Catalogue
from domain.ports.chat import Language

NAMED = re.compile(r"\{(?P<english>en:)?(?P<key>[a-z._-]+)\}")
CODE = r"\b[0-9A-Z]{6}(?:-\d{4}){4}\b"

BOOKS = tuple(Catalogue.load(language) for language in (Language.ENGLISH, Language.KISWAHILI))
TAGS = ("<b>", "</b>", "<code>", "</code>")

Condition = dict[str, Any]
Words = tuple[str, str]
"""English, Kiswahili."""


def story() -> list[dict[str, Any]]:
    return [*_tells(), *_reads(), *_waits(), *_answers()]


def _tells() -> list[dict[str, Any]]:
    amina = "Amina"
    return [
        _step(
            amina,
            (
                "Press “Start”, then {language.name}, {button.go_on} and {button.phone_mine}.",
                "Bonyeza “Anza”, kisha {language.name}, {button.go_on} na {button.phone_mine}.",
            ),
            (
                (
                    "The bot first says who runs it and what Telegram can see. It is after the "
                    "Jukwaa la Usalama forum of Nairobi, 3 October 2025, which heard of organised "
                    "gangs and of politics paying for crime."
                ),
                (
                    "Kwanza bot inasema nani anaiendesha na Telegram inaweza kuona nini. Ni baada "
                    "ya Jukwaa la Usalama la Nairobi, 3 Oktoba 2025, lililosikia kuhusu magenge na "
                    "siasa kulipia uhalifu."
                ),
            ),
            _button(amina, "button.report"),
        ),
        _step(
            amina,
            ("Press {button.report}.", "Bonyeza {button.report}."),
            (
                "It asks what happened, and for no name.",
                "Inauliza kilichotokea, haiulizi jina.",
            ),
            _button(amina, "button.done"),
        ),
        _step(
            amina,
            ("Write what happened, and send it.", "Andika kilichotokea, kisha utume."),
            (
                "The message disappears from her chat once it is taken.",
                "Ujumbe unatoweka kwenye simu yake mara unapochukuliwa.",
            ),
            {"phone": amina, "taken": True},
            fill=(
                (
                    "A politician pays young men with clubs to break up meetings near the market. "
                    "They came again on Saturday, after the forum of 3 October."
                ),
                (
                    "Mwanasiasa analipa vijana wenye rungu wavunje mikutano karibu na soko. "
                    "Walikuja tena Jumamosi, baada ya jukwaa la tarehe 3 Oktoba."
                ),
            ),
        ),
        _step(
            amina,
            (
                (
                    "Press {button.done}, then {topic.gangs}. Send the county, press "
                    "{area.nairobi-east}."
                ),
                (
                    "Bonyeza {button.done}, kisha {topic.gangs}. Tuma kaunti, bonyeza "
                    "{area.nairobi-east}."
                ),
            ),
            (
                "The card says NOT SENT YET, and already shows a code.",
                "Kadi inasema HAIJATUMWA BADO, na tayari inaonyesha nambari.",
            ),
            _says(amina, "review.no_code"),
            fill=("Nairobi", "Nairobi"),
        ),
        _step(
            amina,
            (
                "Press {button.more}, {button.how_far}, {how_far.summary}.",
                "Bonyeza {button.more}, {button.how_far}, {how_far.summary}.",
            ),
            (
                "She decides how far her report goes. Without this it stays at the desk.",
                "Yeye ndiye anaamua ripoti ifike wapi. Bila hili inabaki kwenye dawati.",
            ),
            _button(amina, "how_far.summary", "✓ "),
        ),
        _step(
            amina,
            (
                "Press {button.back} twice, then {button.send}.",
                "Bonyeza {button.back} mara mbili, kisha {button.send}.",
            ),
            (
                "The code is all she has to come back with. It is on her paper below.",
                "Nambari pekee ndiyo inamrudisha. Iko kwenye karatasi yake hapa chini.",
            ),
            _button(amina, "button.written"),
            keep={"phone": amina, "pattern": CODE},
        ),
        _step(
            amina,
            ("Press {button.written}.", "Bonyeza {button.written}."),
            ("The code leaves her phone.", "Nambari inaondoka kwenye simu yake."),
            _button(amina, "button.report"),
        ),
        _step(
            amina,
            ("Send the code from her paper.", "Tuma nambari ya kwenye karatasi yake."),
            (
                "Her message is deleted at once; where the report stands is shown.",
                "Ujumbe wake unafutwa mara moja; hali ya ripoti inaonyeshwa.",
            ),
            _button(amina, "button.tell_me"),
            fill=("/check {code}", "/check {code}"),
        ),
        _step(
            amina,
            ("Press {button.tell_me}.", "Bonyeza {button.tell_me}."),
            (
                "She will hear that there is news, and not of what.",
                "Atasikia tu kuwa kuna habari, bila kutajiwa ni ya nini.",
            ),
            _says(amina, "check.followed"),
        ),
    ]


def _unlock(name: str, look: Words) -> dict[str, Any]:
    return _step(
        name,
        (
            "Press {en:moderator.button_unlock}, and send the passphrase shown above the chat.",
            (
                "Simu hii inatumia Kiingereza. Bonyeza {en:moderator.button_unlock}, kisha utume "
                "maneno ya siri yaliyo juu ya mazungumzo."
            ),
        ),
        look,
        _says(name, "moderator.unlocked"),
        fill="note",
    )


def _reads() -> list[dict[str, Any]]:
    otieno = "Otieno"
    return [
        _unlock(
            otieno,
            (
                "Nobody reads before this: half of the key is under his button, half in his head.",
                "Kabla ya hapo hakuna anayesoma: nusu ya ufunguo iko kwenye kitufe, nusu kichwani.",
            ),
        ),
        _step(
            otieno,
            ("Press {en:moderator.button_next}.", "Bonyeza {en:moderator.button_next}."),
            (
                "Her words, and nothing of who wrote them.",
                "Maneno yake, bila chochote cha aliyeandika.",
            ),
            _button(otieno, "moderator.button_refer"),
        ),
        _step(
            otieno,
            (
                (
                    "Press {en:moderator.button_refer}, then “County Commissioner”. Send a summary "
                    "in his own words."
                ),
                (
                    "Bonyeza {en:moderator.button_refer}, kisha “County Commissioner”. Tuma "
                    "muhtasari kwa maneno yake."
                ),
            ),
            (
                "The office gets the summary and never the report.",
                "Ofisi inapata muhtasari tu, kamwe si ripoti.",
            ),
            _button(otieno, "moderator.button_pass_on"),
            fill=(
                (
                    "A paid group breaks up public meetings in this part of the city, mostly on "
                    "Saturdays."
                ),
                "Kundi linalolipwa linavunja mikutano ya umma sehemu hii ya jiji, hasa Jumamosi.",
            ),
        ),
        _step(
            otieno,
            (
                "Press {en:moderator.button_pass_on}.",
                "Bonyeza {en:moderator.button_pass_on}.",
            ),
            (
                "It has a number of its own; Kamau's phone will show it.",
                "Ina namba yake yenyewe; simu ya Kamau itaionyesha.",
            ),
            _says(otieno, "moderator.referred"),
        ),
        _step(
            otieno,
            ("Press {en:moderator.button_lock}.", "Bonyeza {en:moderator.button_lock}."),
            (
                "All he had opened disappears from his chat.",
                "Yote aliyofungua yanatoweka kwenye simu yake.",
            ),
            _says(otieno, "moderator.locked_now"),
        ),
    ]


def _waits() -> list[dict[str, Any]]:
    return [
        _step(
            None,
            (
                "Move the clock: “+4 days”.",
                "Sogeza saa: “Siku +4”.",
            ),
            (
                "With so few reports, news is held back, so that its hour tells nobody.",
                "Ripoti zikiwa chache, habari husubiri, ili saa yake isimtambulishe mtu.",
            ),
            {"clock": 4 * 24 * 3600 - 60},
        ),
        _unlock(
            "Wanjiru",
            (
                "A colleague of the same desk. Whoever unlocks lets news go on its way.",
                "Mwenzake wa dawati moja. Anayefungua ndiye anayeruhusu habari kuondoka.",
            ),
        ),
        _step(
            None,
            ("Move the clock: “Next window”.", "Sogeza saa: “Dirisha lijalo”."),
            (
                "In a few seconds Amina hears that there is news. If not, press it again.",
                "Baada ya sekunde chache Amina anasikia kuna habari. La sivyo, bonyeza tena.",
            ),
            _says("Amina", "notice.news"),
        ),
    ]


def _answers() -> list[dict[str, Any]]:
    return [
        _step(
            "Kamau",
            (
                "Press {en:button.done}, and send what was done.",
                (
                    "Simu hii inatumia Kiingereza. Bonyeza {en:button.done}, kisha utume "
                    "kilichofanyika."
                ),
            ),
            (
                "He has the summary and its number, nothing more.",
                "Ana muhtasari na namba yake tu.",
            ),
            _says("Kamau", "officer.said_done"),
            fill=(
                "Two patrols every Saturday near the market, since Monday",
                "Doria mbili kila Jumamosi karibu na soko, tangu Jumatatu",
            ),
        ),
        _step(
            "Amina",
            ("Send the code again.", "Tuma nambari tena."),
            (
                "It says who said it is done, and that only she can confirm it.",
                "Inasema nani amesema imekamilika, na kuwa ni yeye tu anayeweza kuthibitisha.",
            ),
            _button("Amina", "button.better"),
            fill=("/check {code}", "/check {code}"),
        ),
        _step(
            "Amina",
            (
                "Press {button.better}, or {button.not_better}.",
                "Bonyeza {button.better}, au {button.not_better}.",
            ),
            (
                "The last word is hers. The story ends here.",
                "Neno la mwisho ni lake. Hadithi inaishia hapa.",
            ),
            _says("Amina", "check.said_better", "check.said_worse"),
        ),
    ]


def _step(
    phone: str | None,
    do: Words,
    look: Words,
    done: Condition,
    *,
    fill: Words | str | None = None,
    keep: dict[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "phone": phone,
        "do": _named(do),
        "look": _in_both(look),
        "done": done,
        "fill": _in_both(fill) if isinstance(fill, tuple) else fill,
        "keep": keep,
    }


def _named(words: Words) -> dict[str, str]:
    """With the names of buttons as the catalogues have them: `{button.send}`, and for the
    phones of the staff, which speak English, `{en:moderator.button_lock}`.
    """
    told = _in_both(words)
    for language, book in zip(told, BOOKS, strict=True):
        for named in NAMED.finditer(told[language]):
            spoken = BOOKS[0] if named["english"] else book
            told[language] = told[language].replace(named[0], f"“{spoken.form(named['key'])}”")
    return told


def _in_both(words: Words) -> dict[str, str]:
    return dict(zip(("en", "sw"), words, strict=True))


def _button(phone: str, key: str, before: str = "") -> Condition:
    return {"phone": phone, "button": [before + words for words in _spoken(key)]}


def _says(phone: str, *keys: str) -> Condition:
    return {"phone": phone, "says": [words for key in keys for words in _spoken(key)]}


def _spoken(key: str) -> list[str]:
    """How a text begins in each language: its words up to the first blank or line."""
    forms = [book.form(key) for book in BOOKS]
    for tag in TAGS:
        forms = [form.replace(tag, "") for form in forms]
    return [form.partition("{")[0].partition("\n")[0].strip() for form in forms]
