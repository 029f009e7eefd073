import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A config with as many routes and templates as asked for, of all kinds and without mistakes; gives its path. */
export function writeLarge(folder: string, routes: number, templates: number): string {
  mkdirSync(join(folder, "templates", "partials"), { recursive: true });
  const partial = "{{#each changes}}\n- {{summary}} {{../customer.label}}\n{{/each}}\n";
  writeFileSync(join(folder, "templates", "partials", "lines.hbs"), partial);
  for (let index = 0; index < templates; index++)
    writeFileSync(join(folder, "templates", `card-${index}.hbs`), templateText(index));
  const file = join(folder, "config.yaml");
  const entries = Array.from({ length: routes }, (_, index) => routeText(index, templates));
  writeFileSync(file, `${HEAD}routes:\n${entries.join("")}`);
  return file;
}

const HEAD = `
sources:
  polar: { type: polar, secrets: [a], meters: all }
  plain: { type: plain, secrets: [b] }
destinations:
  sales: { type: slack, token: xoxb-1, channel: C024BE91L }
  team: { type: discord, token: token, channel: "1099414111111111111" }
  ops: { type: slack, token: xoxb-1, channel: C024BE92M }
`;

function routeText(index: number, templates: number): string {
  const ways = [...CONDITIONS];
  const conditions = ways[index % ways.length]?.(index) ?? "";
  return `  - name: route ${index}\n${conditions}    send: [sales, ${index % 2 === 0 ? "team" : "ops"}]\n    template: card-${index % templates}\n    stop: ${index % 3 === 0}\n`;
}

const CONDITIONS: readonly ((index: number) => string)[] = [
  (index) =>
    `    match: { changes.kind: "subscription.*", changes.subscription.name: plan-${index}, changes.subscription.amount: { gte: ${index}, lt: 90000 } }\n`,
  (index) =>
    `    match:\n      customer.label: "*${index}*"\n      any:\n        - { changes.kind: [subscription.ended, subscription.started], tone: [bad, good] }\n        - { changes.kind: group.added, changes.group.key: key-${index} }\n        - not: { customer.email: "*@${index}.example" }\n`,
  (index) =>
    `    match: { source.type: polar }\n    when: changes.exists(c, c.kind == "subscription.started" && c.subscription.amount > ${index}) || customer.id == "c-${index}"\n`,
  (index) =>
    `    match: { event: order.paid, data.data.product_id: p-${index}, data.data.amount: { gt: ${index} } }\n`,
  (index) =>
    `    match: { source.name: plain, group.key: "team-${index}-*", not: { customer.external_id: null } }\n`,
];

function templateText(index: number): string {
  return `---
title: "{{#if (eq change.tone "bad")}}‼️ {{/if}}{{customer.label}} ${index}"
fields:
  - { label: Event, value: "{{event}}" }
  - { label: Since, value: "{{date time}}" }
buttons:
  - { label: Open, url: "{{customer.url}}" }
---
{{#with customer as |who|}}
**{{who.label}}**, {{default who.email "without an address"}}
{{/with}}
{{> lines}}
{{#each changes as |one at|}}
{{at}}. {{upper one.summary}} {{#if (or one.actor one.fields)}}{{one.tone}}{{/if}}
{{/each}}
`.replaceAll('(eq change.tone "bad")', "(eq change.tone 'bad')");
}
