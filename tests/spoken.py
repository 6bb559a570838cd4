"""The languages of the product, as its catalogues have them."""

from bot.texts.catalogue import Catalogues

CATALOGUES = Catalogues.load()
SPOKEN = CATALOGUES.spoken
LANGUAGES = SPOKEN.languages
