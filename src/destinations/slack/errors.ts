/** What an error code of Slack's means for the attempt. */
export type SlackErrorClass =
  /** The token or the app: stop the whole account. */
  | "account"
  /** This channel: park the lane. */
  | "channel"
  /** This content. */
  | "message"
  /** Certainly not posted, may work later. */
  | "retry"
  /** May have been posted. */
  | "unknown"
  /** Slack wants the message without our metadata. */
  | "metadata";

const CODES: { readonly [kind in SlackErrorClass]: readonly string[] } = {
  account: [
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "not_allowed_token_type",
    "no_permission",
    "access_denied",
    "app_access_restricted",
    "accesslimited",
    "org_login_required",
    "team_access_not_granted",
    "two_factor_setup_required",
    "ekm_access_denied",
    "is_bot",
    "enterprise_is_restricted",
    "as_user_not_supported",
    "send_on_behalf_not_allowed",
    "deprecated_endpoint",
    "method_deprecated",
    "unknown_method",
  ],
  channel: [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
    "cannot_reply_to_message",
    "messages_tab_disabled",
    "team_not_found",
    "slack_connect_canvas_sharing_blocked",
    "slack_connect_file_link_sharing_blocked",
    "slack_connect_lists_sharing_blocked",
  ],
  message: [
    "no_text",
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_attachments",
    "too_many_attachments",
    "attachment_payload_limit_exceeded",
    "too_many_contact_cards",
    "missing_file_data",
    "invalid_arguments",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "metadata_too_large",
    "markdown_text_conflict",
    "invalid_arg_name",
    "invalid_array_arg",
    "invalid_charset",
    "invalid_form_data",
    "invalid_post_type",
    "missing_post_type",
    "draft_already_deleted",
    "draft_already_sent",
    "draft_has_conflict",
    "draft_not_found",
  ],
  retry: [
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "service_unavailable",
    "team_added_to_org",
    "request_timeout",
  ],
  unknown: [
    "internal_error",
    "fatal_error",
    "duplicate_channel_not_found",
    "duplicate_message_not_found",
  ],
  metadata: ["metadata_must_be_sent_from_app"],
};

/**
 * What an error code of `chat.postMessage` means, every documented one and the shared ones.
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export const SLACK_ERRORS: ReadonlyMap<string, SlackErrorClass> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) =>
    codes.map((code): [string, SlackErrorClass] => [code, kind as SlackErrorClass]),
  ),
);

/** The codes that tell of the token itself, whatever the method; the others of its class may concern the method alone. */
export const DEAD_TOKEN: ReadonlySet<string> = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
]);

/**
 * What an incoming webhook's answer means, the shared codes aside.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export const SLACK_WEBHOOK_ERRORS: ReadonlyMap<string, "channel" | "message"> = new Map([
  ["invalid_payload", "message"],
  ["no_text", "message"],
  ["action_prohibited", "channel"],
  ["channel_is_archived", "channel"],
  ["channel_not_found", "channel"],
  ["no_service", "channel"],
  ["no_service_id", "channel"],
  ["no_active_hooks", "channel"],
  ["no_team", "channel"],
  ["team_disabled", "channel"],
  ["invalid_token", "channel"],
  ["posting_to_general_channel_denied", "channel"],
  ["user_not_found", "channel"],
]);

/** What to do about the errors that people meet. */
export const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    "invalid_auth",
    "The token is wrong, or Slack's allow-list of addresses leaves this machine out: copy the bot token from the app's page.",
  ],
  ["not_authed", "No token arrived: set the destination's token."],
  ["token_revoked", "The token was revoked: install the app again and set the new token."],
  [
    "token_expired",
    "The token has expired: set a new one, or turn token rotation off for the app.",
  ],
  [
    "account_inactive",
    "The bot or its workspace was removed: install the app again and set the new token.",
  ],
  ["missing_scope", "The app lacks a scope: add it on the app's page and install the app again."],
  [
    "not_allowed_token_type",
    "The token is of a kind that cannot post: use the bot token, which begins with xoxb-.",
  ],
  [
    "channel_not_found",
    "Slack knows no such channel, or it is private and the bot is not in it: check the channel's id, or invite the bot.",
  ],
  [
    "not_in_channel",
    "The bot is not in the channel: invite it there, or add the scope chat:write.public.",
  ],
  ["is_archived", "The channel is archived: unarchive it, or name another one."],
  [
    "restricted_action",
    "A preference of the workspace keeps the bot from posting there: ask an admin.",
  ],
  [
    "restricted_action_read_only_channel",
    "The channel is read-only: name another one, or ask an admin.",
  ],
  ["message_limit_exceeded", "The workspace has used up its message limit."],
  [
    "channel_is_archived",
    "The webhook's channel is archived: unarchive it, or make another webhook.",
  ],
  ["action_prohibited", "An admin has restricted the webhook."],
  ["no_service", "The webhook was removed or turned off: make another one."],
  ["no_service_id", "The webhook's address is incomplete: copy it again."],
  ["no_active_hooks", "The webhook was removed or turned off: make another one."],
  ["no_team", "The webhook's workspace is gone: make another webhook."],
  ["team_disabled", "The webhook's workspace was turned off."],
  ["invalid_token", "The webhook's address is wrong or was revoked: copy it again."],
]);
