"""The demo's guided story, given to the page as data.

After the Nairobi forum of 3 October 2025, which heard of organised gangs and of politics
paying for crime. What proves a step is taken from the catalogues, in every language.
"""

from typing import Any

from bot.texts.catalogue import Catalogue
from domain.ports.chat import Language

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
                "Press Start, choose English, then Go on and Only mine.",
                "Bonyeza Anza, chagua Kiswahili, kisha Endelea na Yangu pekee.",
            ),
            (
                "Before anything else the bot says who runs it and what Telegram can see.",
                "Kwanza bot inasema nani anaiendesha na Telegram inaweza kuona nini.",
            ),
            _button(amina, "button.report"),
        ),
        _step(
            amina,
            ("Press Report.", "Bonyeza Ripoti."),
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
                    "They came again on Saturday, after the forum."
                ),
                (
                    "Mwanasiasa analipa vijana wenye rungu wavunje mikutano karibu na soko. "
                    "Walikuja tena Jumamosi, baada ya jukwaa."
                ),
            ),
        ),
        _step(
            amina,
            (
                "Press Done, choose Gangs and politics, send the county, press Nairobi East.",
                (
                    "Bonyeza Nimemaliza, chagua Magenge na siasa, tuma kaunti, bonyeza Nairobi "
                    "Mashariki."
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
                "Press More, How far it may go, A summary may go on.",
                "Bonyeza Zaidi, Ifike wapi, Muhtasari uende mbele.",
            ),
            (
                "She decides how far her report goes. Without this it stays at the desk.",
                "Yeye ndiye anaamua ripoti ifike wapi. Bila hili inabaki kwenye dawati.",
            ),
            _button(amina, "how_far.summary", "✓ "),
        ),
        _step(
            amina,
            ("Press Back twice, then Send.", "Bonyeza Rudi mara mbili, kisha Tuma."),
            (
                "The code is all she has to come back with. It is on her paper below.",
                "Nambari pekee ndiyo inamrudisha. Iko kwenye karatasi yake hapa chini.",
            ),
            _button(amina, "button.written"),
            keep={"phone": amina, "pattern": CODE},
        ),
        _step(
            amina,
            ("Press I have written it down.", "Bonyeza Nimeiandika."),
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
            ("Press Tell me when it moves.", "Bonyeza Nijulishe ikisonga."),
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
            "Press Unlock, and send the passphrase shown above the chat.",
            "Bonyeza Unlock, kisha utume maneno ya siri yaliyo juu ya simu.",
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
            ("Press Next.", "Bonyeza Next."),
            (
                "Her words, and nothing of who wrote them.",
                "Maneno yake, bila chochote cha aliyeandika.",
            ),
            _button(otieno, "moderator.button_refer"),
        ),
        _step(
            otieno,
            (
                "Press Pass on, then County Commissioner. Send a summary in his own words.",
                "Bonyeza Pass on, kisha County Commissioner. Tuma muhtasari kwa maneno yake.",
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
            ("Press Pass this on.", "Bonyeza Pass this on."),
            (
                "It has a number of its own; Kamau's phone will show it.",
                "Ina namba yake yenyewe; simu ya Kamau itaionyesha.",
            ),
            _says(otieno, "moderator.referred"),
        ),
        _step(
            otieno,
            ("Press Lock.", "Bonyeza Lock."),
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
                "Move the clock: +3 days.",
                "Sogeza saa: siku 3 mbele.",
            ),
            (
                "With so few reports, news is held back, so that its hour tells nobody.",
                "Ripoti zikiwa chache, habari husubiri, ili saa yake isimtambulishe mtu.",
            ),
            {"clock": 3 * 24 * 3600 - 60},
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
            ("Move the clock to the next window.", "Sogeza saa hadi dirisha lijalo."),
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
            ("Press Done, and send what was done.", "Bonyeza Done, kisha utume kilichofanyika."),
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
            ("Press It is better, or Not better.", "Bonyeza Hali ni afadhali, au Si afadhali."),
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
        "do": _in_both(do),
        "look": _in_both(look),
        "done": done,
        "fill": _in_both(fill) if isinstance(fill, tuple) else fill,
        "keep": keep,
    }


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
