import type { KnownBlock } from "@slack/types";
import type { ChatPostMessageArguments } from "@slack/web-api";
import type {
  RESTPostAPIChannelMessageJSONBody,
  RESTPostAPIWebhookWithTokenJSONBody,
} from "discord-api-types/v10";

/** The vendors' own types, from which JSON Schemas are generated when the checkers run. */
export interface SlackTypes {
  readonly blocks: KnownBlock[];
  readonly message: ChatPostMessageArguments;
}

/** As above, for Discord. */
export interface DiscordTypes {
  readonly bot: RESTPostAPIChannelMessageJSONBody;
  readonly webhook: RESTPostAPIWebhookWithTokenJSONBody;
}
