/** What an error code of Discord's means for the attempt. */
export type DiscordErrorClass =
  /** The bot or its token: stop the whole account. */
  | "account"
  /** This channel or webhook: park the lane. */
  | "channel"
  /** This content. */
  | "message"
  /** Certainly not posted, may work later. */
  | "retry";

const CODES: { readonly [kind in DiscordErrorClass]: readonly number[] } = {
  account: [0, 40_001, 50_014, 40_333],
  channel: [
    // The bot was removed from the server, or cannot see this one channel: where it is all of them, each finds out itself.
    50_001,
    10_003, 10_004, 10_015, 50_027, 50_013, 50_008, 40_058, 220_001, 220_002, 220_003, 40_067,
    50_024, 50_083, 160_005, 160_006, 50_007, 10_008, 50_005,
  ],
  message: [50_035, 50_006, 50_109, 40_005, 200_000, 200_001, 240_000, 20_009],
  retry: [30_046, 40_004, 40_006, 130_000, 110_000, 20_016, 20_028, 20_029, 40_062],
};

/**
 * What a JSON error code of Discord's means.
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
 */
export const DISCORD_ERRORS: ReadonlyMap<number, DiscordErrorClass> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) =>
    codes.map((code): [number, DiscordErrorClass] => [code, kind as DiscordErrorClass]),
  ),
);

/** What to do about a webhook that answered 404. */
export const WEBHOOK_GONE =
  "The webhook was deleted, or its thread was, and is not called again: make another one, and set its new address in the configuration.";

/** What to do about the errors that people meet. */
export const ADVICE: ReadonlyMap<number, string> = new Map([
  [0, "Discord does not take the token: copy the bot's token again."],
  [40_001, "Discord does not take the token: copy the bot's token again."],
  [50_014, "Discord does not take the token: copy the bot's token again."],
  [
    50_001,
    "The bot is not in the server, or cannot see the channel: invite it, and give it View Channel.",
  ],
  [
    10_003,
    "Discord knows no such channel: check its id, in quotes, as numbers lose digits in YAML.",
  ],
  [10_004, "Discord knows no such server."],
  [10_015, WEBHOOK_GONE],
  [50_027, "The webhook's address is wrong: copy it again."],
  [50_013, "The bot lacks a permission in the channel: give it Send Messages and Embed Links."],
  [50_008, "The channel takes no text messages: name another one."],
  [50_083, "The thread is archived: open it again, or name another channel."],
  [160_005, "The thread is locked."],
  [220_001, "The webhook's channel is a forum: add ?thread_id= with a thread's id to its address."],
  [220_003, "The webhook's channel is no forum: remove the thread from its address."],
  [40_067, "The forum asks for a tag: name another channel."],
  [200_000, "The server's AutoMod refused the message."],
  [200_001, "The server's AutoMod refused the title."],
  [240_000, "Discord found a harmful link in the message."],
  [20_016, "The channel is in slow mode."],
]);
