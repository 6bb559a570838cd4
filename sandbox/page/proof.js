/** Whether what a step of the story waits for has really happened, by what the phones show. */
export function holds(condition, chats, world) {
  if ("clock" in condition) return world.ahead - world.aheadAtStep >= condition.clock;
  const chat = [...chats.values()].find((one) => one.name === condition.phone);
  if (!chat) return false;
  if (condition.taken) return world.taken.has(chat.id);
  const buttons = chat.messages.flatMap((said) => said.buttons.flat().map((button) => button.text));
  if (condition.button) return condition.button.some((wanted) => buttons.includes(wanted));
  return chat.messages.some((said) => said.from === "bot" && condition.says.some((words) => said.text.includes(words)));
}

/** Phones on which a message of the owner's own was there a moment ago and is gone now. */
export function ownGone(before, after) {
  const left = new Set(after.messages.map((said) => said.message_id));
  return before.messages.some((said) => said.from === "me" && !left.has(said.message_id));
}

export function found(keep, chats) {
  const chat = [...chats.values()].find((one) => one.name === keep.phone);
  for (const said of chat?.messages ?? []) {
    const match = said.text.match(keep.pattern);
    if (match) return match[0];
  }
  return null;
}
