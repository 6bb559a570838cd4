"""Draws one picture, as a process of its own: form and sheet come in, bytes go out. A drawing
that hangs is killed with it, and one that crashes takes nothing along.
"""

import json
import sys

from bot.pictures.draw import Form, drawn

asked = json.load(sys.stdin.buffer)
sys.stdout.buffer.write(drawn(asked["sheet"], Form(asked["form"])))
