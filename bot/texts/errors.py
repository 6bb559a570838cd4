"""What can be wrong with a catalogue or with what is asked of it. Never swallowed."""


class TextError(Exception):
    """The root of these errors. They are a programmer's or a translator's, not a citizen's."""


class TextMissing(TextError):
    """No text of this key in this language, or an empty one."""


class ParameterMissing(TextError):
    """The text has a placeholder that nothing was given for."""


class ParameterUnknown(TextError):
    """A parameter of a type that cannot be written for a person."""


class CatalogueMalformed(TextError):
    """A `.po` file that is not one."""
