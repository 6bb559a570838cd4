from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.botapi import about, callbacks, chats, deleting, editing, receiving, sending
from sandbox.botapi.parameters import Parameters
from sandbox.world import World

Method = Callable[[World, Parameters], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "answercallbackquery": callbacks.answer_callback_query,
    "deletemessage": deleting.delete_message,
    "deletemessages": deleting.delete_messages,
    "deletemycommands": about.delete_my_commands,
    "deletewebhook": receiving.delete_webhook,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagemedia": editing.edit_message_media,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "editmessagetext": editing.edit_message_text,
    "getchat": chats.get_chat,
    "getfile": receiving.get_file,
    "getme": about.get_me,
    "getmycommands": about.get_my_commands,
    "getmydescription": about.get_my_description,
    "getmyname": about.get_my_name,
    "getmyshortdescription": about.get_my_short_description,
    "getupdates": receiving.get_updates,
    "getwebhookinfo": receiving.get_webhook_info,
    "sendchataction": chats.send_chat_action,
    "senddocument": sending.send_document,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "setmycommands": about.set_my_commands,
    "setmydescription": about.set_my_description,
    "setmyname": about.set_my_name,
    "setmyshortdescription": about.set_my_short_description,
    "setwebhook": receiving.set_webhook,
}
PACED = frozenset(
    {
        "editmessagecaption",
        "editmessagemedia",
        "editmessagereplymarkup",
        "editmessagetext",
        "senddocument",
        "sendmessage",
        "sendphoto",
    }
)
