"""The words of each language: one `.po` file a language, read at run time.

`msgid` is a text key, `msgstr` the words, as Telegram's HTML: `<b>`, `<i>` and
`<code>` are the only tags a text may use, and every parameter is escaped.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from bot.dialogue.screen import Text, Verbatim
from bot.dialogue.spoken import Spoken
from bot.texts.errors import CatalogueMalformed, ParameterMissing, ParameterUnknown, TextMissing
from bot.texts.typed import spoken_in
from domain.forums.forum_date import ForumDate
from domain.ports.chat import Language

COUNTRY = "KE"
IN_EVERY_LANGUAGE = (
    "start.choose_first",
    "start.language",
    "start.not_taken",
    "start.words_gone",
    "start.words_kept",
)
"""Texts of the first card, before anybody has chosen a language."""

TAG = re.compile(r"</?(?:b|i|code)>")

_here = files("bot.texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language. Raises TextMissing, ParameterMissing, ParameterUnknown.

    `everywhere`: texts that are the same whatever the language of the chat.
    """

    locale: Locale
    keys: frozenset[str]
    plural_keys: frozenset[str]
    translations: GNUTranslations
    everywhere: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, language: str, folder: Traversable = _here) -> "Catalogue":
        """Reads `<language>.po` from `folder`. Raises CatalogueMalformed."""
        try:
            return _read(language, (folder / f"{language}.po").read_bytes())
        except PoFileError as why:
            raise CatalogueMalformed(language) from why

    def say(self, text: Text | Verbatim) -> str:
        """As Telegram's HTML."""
        return self._words(text, lambda plain: html.escape(plain, quote=False))

    def plain(self, text: Text | Verbatim) -> str:
        """Without tags, for what Telegram shows as it is: buttons, toasts, descriptions."""
        return self._words(text, str, without=TAG)

    def form(self, key: str, count: int | None = None) -> str:
        """The words of a key, placeholders and all. Raises TextMissing."""
        if key in self.everywhere and count is None:
            return self.everywhere[key]
        if key not in self.keys or (key in self.plural_keys) != (count is not None):
            raise TextMissing(key)
        if count is None:
            return self.translations.gettext(key)
        return self.translations.ngettext(key, key, count)

    def _words(
        self,
        text: Text | Verbatim,
        escape: Callable[[str], str],
        without: re.Pattern[str] | None = None,
    ) -> str:
        if isinstance(text, Verbatim):
            return escape(text.words)
        pattern = self.form(text.key, text.count)
        if without is not None:
            pattern = without.sub("", pattern)
        given: Mapping[str, object] = dict(text.params)
        if text.count is not None:
            given = {"count": text.count, **given}
        try:
            return pattern.format_map(
                {name: self._parameter(value, escape, without) for name, value in given.items()}
            )
        except KeyError as missing:
            raise ParameterMissing(text.key, *missing.args) from missing

    def _parameter(
        self, value: object, escape: Callable[[str], str], without: re.Pattern[str] | None
    ) -> str:
        match value:
            case Text() | Verbatim():
                return self._words(value, escape, without)
            case bool():
                raise ParameterUnknown(type(value))
            case str():
                return escape(value)
            case int():
                return format_decimal(value, locale=self.locale)
            case ForumDate():
                pattern = "MMMM y" if value.day is None else "d MMMM y"
                return format_date(value.first, pattern, locale=self.locale)
            case date():
                return format_date(value, "d MMMM", locale=self.locale)
            case _:
                raise ParameterUnknown(type(value))


@cache
def _read(language: str, raw: bytes) -> Catalogue:
    """Once for the same file: it takes a tenth of a second. Raises PoFileError."""
    read = read_po(BytesIO(raw), abort_invalid=True)
    said = [message for message in read if message.id and all(_forms(message.string))]
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Catalogue(
        locale=_locale(language),
        keys=frozenset(_forms(each.id)[0] for each in said),
        plural_keys=frozenset(_forms(each.id)[0] for each in said if each.pluralizable),
        translations=GNUTranslations(compiled),
    )


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every language the bot speaks, read once."""

    by_language: Mapping[Language, Catalogue]
    spoken: Spoken

    @classmethod
    def load(cls, folder: Traversable = _here) -> "Catalogues":
        """A language is a file: what lies in `folder` is spoken, English first."""
        names = (each.name for each in folder.iterdir() if each.name.endswith(".po"))
        found = sorted(map(Language, (name.removesuffix(".po") for name in names)), key=_order)
        read = {language: Catalogue.load(language, folder) for language in found}
        everywhere = _everywhere(read)
        return cls(
            {language: replace(one, everywhere=everywhere) for language, one in read.items()},
            spoken_in({language: one.form for language, one in read.items()}),
        )

    def of(self, language: Language | None) -> Catalogue:
        """English for somebody who has not chosen yet, whose first card speaks every language,
        and for whoever chose a language that is spoken no more.
        """
        chosen = language if language in self.by_language else Language.ENGLISH
        return self.by_language[chosen or Language.ENGLISH]

    def nearest(self, code: str) -> Language:
        """To what a phone is set to: "sw-KE" is Kiswahili."""
        known = (one for one in self.by_language if one == code.partition("-")[0])
        return next(known, Language.ENGLISH)


def _order(language: Language) -> tuple[bool, str]:
    return language != Language.ENGLISH, language


def _everywhere(read: Mapping[Language, Catalogue]) -> dict[str, str]:
    """The name of each language in itself; and what is asked before there is a language, line
    by line in all of them.
    """
    names = {f"language.{language}": one.form("language.name") for language, one in read.items()}
    asked = {key: "\n".join(one.form(key) for one in read.values()) for key in IN_EVERY_LANGUAGE}
    return names | asked


def _locale(language: str) -> Locale:
    """For dates and numbers. A language that Babel has no dates of has English ones."""
    try:
        return Locale(language, COUNTRY)
    except UnknownLocaleError:
        return Locale("en", COUNTRY)


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Babel gives one string, or one for each plural form."""
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)
