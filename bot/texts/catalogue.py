"""The words of each language: one `.po` file a language, read at run time.

`msgid` is a text key, `msgstr` the words, as Telegram's HTML: `<b>`, `<i>` and
`<code>` are the only tags a text may use, and every parameter is escaped.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from gettext import GNUTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from bot.dialogue.screen import Text, Verbatim
from bot.texts.errors import CatalogueMalformed, ParameterMissing, ParameterUnknown, TextMissing
from domain.forums.forum_date import ForumDate
from domain.ports.chat import Language

COUNTRY = "KE"
TAG = re.compile(r"</?(?:b|i|code)>")

_here = files("bot.texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language. Raises TextMissing, ParameterMissing, ParameterUnknown."""

    locale: Locale
    keys: frozenset[str]
    plural_keys: frozenset[str]
    translations: GNUTranslations

    @classmethod
    def load(cls, language: str, folder: Traversable = _here) -> "Catalogue":
        """Reads `<language>.po` from `folder`. Raises CatalogueMalformed."""
        raw = (folder / f"{language}.po").read_bytes()
        try:
            read = read_po(BytesIO(raw), locale=language, abort_invalid=True)
        except PoFileError as why:
            raise CatalogueMalformed(language) from why
        said = [message for message in read if message.id and all(_forms(message.string))]
        compiled = BytesIO()
        write_mo(compiled, read)
        compiled.seek(0)
        return cls(
            locale=Locale(language, COUNTRY),
            keys=frozenset(_forms(each.id)[0] for each in said),
            plural_keys=frozenset(_forms(each.id)[0] for each in said if each.pluralizable),
            translations=GNUTranslations(compiled),
        )

    def say(self, text: Text | Verbatim) -> str:
        """As Telegram's HTML."""
        return self._words(text, lambda plain: html.escape(plain, quote=False))

    def plain(self, text: Text | Verbatim) -> str:
        """Without tags, for what Telegram shows as it is: buttons, toasts, descriptions."""
        return self._words(text, str, without=TAG)

    def form(self, key: str, count: int | None = None) -> str:
        """The words of a key, placeholders and all. Raises TextMissing."""
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


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every language the bot speaks, read once."""

    by_language: Mapping[Language, Catalogue]

    @classmethod
    def load(cls) -> "Catalogues":
        return cls({language: Catalogue.load(language) for language in Language})

    def of(self, language: Language | None) -> Catalogue:
        """English for somebody who has not chosen yet: their first card speaks both."""
        return self.by_language[language or Language.ENGLISH]


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Babel gives one string, or one for each plural form."""
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)
