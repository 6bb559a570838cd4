"""Takes updates from Telegram, by long polling or webhook, and confirms none before it is done.

```python
processor = Processor(concurrency=64)
application = builder.updater(None).concurrent_updates(processor).build()
intake = Intake(application=application, processor=processor, log=..., ...)
async with application:
    await application.start()
    await intake.run()  # until intake.stop()
    await application.stop()
```

How the pieces divide the work: `ordering` keeps the books (pure numbers), `poison` says how often
to try again (pure), `processor` runs one try, `handling` takes an update from arrival to its end,
`fetcher` and `webhook` are the two doors, `intake` is the house.
"""

from bot.telegram.intake.handling import Hooks
from bot.telegram.intake.intake import BackgroundHandlerRefused, Intake, IntakeSettings
from bot.telegram.intake.poison import Patience
from bot.telegram.intake.processor import Processor
from bot.telegram.intake.quiet import quiet_libraries

__all__ = [
    "BackgroundHandlerRefused",
    "Hooks",
    "Intake",
    "IntakeSettings",
    "Patience",
    "Processor",
    "quiet_libraries",
]
