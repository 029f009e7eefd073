import type { APIActionRowComponent, APIButtonComponentWithURL } from "discord.js";
import type { JsonObject } from "../../core/json.ts";
import type { Button } from "../../core/message.ts";
import { plainText } from "../../core/message.ts";
import { truncate } from "../../core/text.ts";
import { pageAddress } from "../web-address.ts";
import { escapePlain } from "./escape.ts";
import { BUTTONS } from "./limits.ts";

/** Rows of buttons, and whether something had to be left out. */
export interface Rows {
  readonly rows: readonly JsonObject[];
  readonly isCut: boolean;
}

/** Discord's numbers for an action row, a button, and a button that opens a page. */
const ROW = 1;
const BUTTON = 2;
const LINK_STYLE = 5;

/** The buttons that lead to a page, five a row; those without a label or an address are left out. */
export function buttonRows(buttons: readonly Button[]): Rows {
  const usable = buttons.flatMap((button) => {
    const url = pageAddress(button.url, BUTTONS.url);
    const label = escapePlain(plainText(button.label)).trim();
    return url === null || label === "" ? [] : [{ label, url }];
  });
  const shown = usable.slice(0, BUTTONS.rows * BUTTONS.perRow);
  const rows: JsonObject[] = [];
  for (let from = 0; from < shown.length; from += BUTTONS.perRow) {
    const components = shown.slice(from, from + BUTTONS.perRow).map(linkButton);
    rows.push({ type: ROW, components } satisfies APIActionRowComponent<APIButtonComponentWithURL>);
  }
  const isCut =
    usable.length > shown.length || shown.some(({ label }) => label.length > BUTTONS.label);
  return { rows, isCut };
}

function linkButton({ label, url }: { readonly label: string; readonly url: string }) {
  return {
    type: BUTTON,
    style: LINK_STYLE,
    label: truncate(label, BUTTONS.label),
    url,
  } satisfies APIButtonComponentWithURL;
}
