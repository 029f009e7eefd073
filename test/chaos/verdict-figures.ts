import { informs, mustBe } from "./figures.ts";
import type { StoreLedger } from "./ledger.ts";
import type { Figure } from "./scenario.ts";
import type { Verdict } from "./verdict.ts";

/** What every scenario must show of the events that flowed through it. */
export function verdictFigures(verdict: Verdict, store: StoreLedger): Figure[] {
  const { doubled } = verdict;
  const webhooks = doubled["slack-webhook"] + doubled["discord-webhook"];
  const bots = doubled["slack-bot"] + doubled["discord-bot"];
  return [
    informs("messages for them in every kind of destination", verdict.expected),
    mustBe("messages of accepted events that never appeared", verdict.lost, 0),
    mustBe("messages doubled by bots", bots, 0),
    ...(bots === 0 ? [] : [informs("… of Discord's", doubled["discord-bot"])]),
    informs(
      "messages doubled by webhooks (Slack, Discord)",
      webhooks === 0 ? "0" : `${doubled["slack-webhook"]}, ${doubled["discord-webhook"]}`,
    ),
    mustBe(
      "… of which no attempt was in doubt, so that nothing explains them",
      verdict.unexplained,
      0,
    ),
    mustBe("messages that nobody sent, or in a wrong channel", verdict.stray, 0),
    mustBe("messages out of their subject's order", verdict.outOfSubjectOrder, 0),
    mustBe("messages out of their lane's order", verdict.outOfLaneOrder, 0),
    mustBe("events that were not turned into messages", unsent(store), 0),
    mustBe("deliveries that did not end as delivered", undelivered(store), 0),
  ];
}

/** How many events came to anything but messages: stale, unchanged, quarantined … */
export function unsent({ events }: StoreLedger): number {
  return [...events]
    .filter(([status]) => status !== "sent")
    .reduce((total, [, count]) => total + count, 0);
}

/** How many deliveries ended otherwise than as delivered, and were not sent once more either. */
export function undelivered({ deliveries }: StoreLedger): number {
  return deliveries.filter(({ status, isReplayed }) => status !== "delivered" && isReplayed === 0)
    .length;
}
