/** What stands in place of each hidden character. */
const DOT = "•";

/**
 * The forms of secrets that are known wherever they stand: Slack's tokens, the secrets of Standard Webhooks and Polar,
 * what follows the beginning of a webhook's address, and a user with a password in an address, in that of a database
 * also one with characters that should have been encoded.
 * https://docs.slack.dev/authentication/tokens
 */
const FORMS: readonly RegExp[] = [
  /(?<open>\b)(?<secret>(?:xox[a-z]|xapp)-[\w.-]{4,})/gi,
  /(?<open>\b)(?<secret>(?:whsec_|polar_whs_)[\w+/=-]{4,})/g,
  /(?<open>\/services\/)(?<secret>T[\w/-]{4,})/g,
  /(?<open>\/api(?:\/v\d+)?\/webhooks\/)(?<secret>[\w/-]{4,})/g,
  /(?<open>\bpostg\w*:\/\/[^\s:@/]*:)(?<secret>\S*)(?=@)/gi,
  /(?<open>:\/\/)(?<secret>[^\s/@:"'${}]+:[^\s/@"'${}]+)(?=@)/g,
];

/** The text, as long as before, with everything hidden that has the form of a secret. */
export function hideForms(text: string): string {
  return FORMS.reduce(
    (shown, form) =>
      shown.replace(form, (...found) => {
        const { open = "", secret = "" } = found.at(-1) as Readonly<Record<string, string>>;
        return open + hide(secret);
      }),
    text,
  );
}

/** The text with every character hidden but blanks, quotes and references such as `${NAME}`. */
export function hide(text: string): string {
  return text.replace(/\$\$\{|\$\{[^}]*\}|[^\s"']/g, (part) =>
    part.startsWith("${") ? part : DOT.repeat(part.length),
  );
}

/** Whether a text in place of a variable's name is a name with a slip in it, rather than a secret. */
export function isLikeName(text: string): boolean {
  if (hideForms(text) !== text) return false;
  return /^[A-Z][A-Z0-9_ .-]{0,60}$/.test(text.trim()) || /^[a-z_ .-]{1,20}$/i.test(text.trim());
}
