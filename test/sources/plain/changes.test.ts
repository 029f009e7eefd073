import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, sampleBody, samplePayload } from "../samples.ts";
import { membership, plainSource, withPayload } from "./workspace.ts";

function told(body: Uint8Array, settings: JsonObject = {}): readonly Change[] {
  const source = plainSource(settings);
  const comparison = source.changes(source.parse(body), undefined);
  return comparison.isStale ? [] : comparison.changes;
}

function groups(before: JsonObject[], after: JsonObject[], changeType = "ADDED"): Uint8Array {
  const customer = { id: "c_1", fullName: "Peter", email: { email: "peter@example.com" } };
  return bodyOf(
    withPayload("group-added", {
      changeType,
      customer: { ...customer, customerGroupMemberships: after },
      previousCustomer: { ...customer, customerGroupMemberships: before },
    }),
  );
}

const summaries = (changes: readonly Change[]) => changes.map(({ summary }) => summary);

describe("the groups of a customer", () => {
  it("are told when one is joined", () => {
    expect(told(sampleBody("plain/group-added.json"))).toMatchObject([
      {
        kind: "group.added",
        tone: "info",
        summary: "Added to the group Free Tier by a teammate.",
        group: {
          id: "cg_01GWVPYG1B8JBPGZC2VQDQEQAM",
          key: "free-tier",
          name: "Free Tier",
          color: "#D66258",
        },
        actor: { type: "user", id: "u_01H1V4NA10RMHWFBXB6A1ZBYRA", label: "a teammate" },
      },
    ]);
  });

  it("are told when one of two is left, by whom nobody knows", () => {
    expect(told(sampleBody("plain/group-removed.json"))).toMatchObject([
      {
        kind: "group.removed",
        tone: "info",
        summary: "Removed from the group Free Tier.",
        group: { key: "free-tier" },
        actor: null,
      },
    ]);
  });

  it("are told from the shape and the name of 2023 as well", () => {
    const names = { users: { u_01GST0W90RKD7AXS783SDPKJMV: "Dana Smith" } };

    expect(told(sampleBody("plain/group-added-2023.json"), { names })).toMatchObject([
      {
        kind: "group.added",
        summary: "Added to the group Enterprise by Dana Smith.",
        group: { key: "enterprise", name: "Enterprise", color: "#000000" },
        actor: { type: "user", id: "u_01GST0W90RKD7AXS783SDPKJMV", label: "Dana Smith" },
      },
    ]);
  });

  it.each([
    ["\u200B", "vip", "vip"],
    ["", "", "cg_1"],
    [7, null, "cg_1"],
  ])("are called %j by their key %j, else by their id: %s", (name, key, called) => {
    const group = { customerGroupId: "cg_1", customerGroup: { name, key, color: 7 } };

    const [added] = told(groups([], [{ ...group, createdBy: "somebody" }]));

    expect(added).toMatchObject({
      summary: `Added to the group ${called}.`,
      group: { id: "cg_1", name: called, color: null },
      actor: null,
    });
  });

  it("are read from today's shape when only one of the lists of 2023 is there", () => {
    const body = bodyOf(
      withPayload("group-added", {
        customerGroupMemberships: [],
        customer: { id: "c_1", customerGroupMemberships: [membership("a")] },
        previousCustomer: { customerGroupMemberships: [] },
      }),
    );

    expect(summaries(told(body))).toEqual(["Added to the group a."]);
  });

  it("are told one by one when many change at once", () => {
    const body = groups(
      [membership("a"), membership("b"), membership("c")],
      [membership("c"), membership("d"), membership("e")],
    );

    expect(summaries(told(body))).toEqual([
      "Added to the group d.",
      "Added to the group e.",
      "Removed from the group a.",
      "Removed from the group b.",
    ]);
  });

  it.each(["ADDED", "REMOVED", "REARRANGED"])(
    "are not told when nothing differs, though the label says %s",
    (changeType) => {
      const body = groups([membership("a")], [membership("a")], changeType);

      expect(told(body)).toEqual([]);
    },
  );

  it("are told by what differs, though the label says otherwise", () => {
    const body = groups([membership("a")], [], "ADDED");

    expect(summaries(told(body))).toEqual(["Removed from the group a."]);
  });

  it("are told as sets, whatever the order of the lists", () => {
    const ids = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));

    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const changes = told(
          groups(
            before.map((id) => membership(id)),
            after.map((id) => membership(id)),
          ),
        );
        const of = (kind: string) =>
          changes.filter((one) => one.kind === kind).map((one) => one.group?.id);
        expect(of("group.added")).toEqual(after.filter((id) => !before.includes(id)));
        expect(of("group.removed")).toEqual(before.filter((id) => !after.includes(id)));
      }),
    );
  });
});

describe("who added a customer", () => {
  it.each([
    [{ actorType: "user", userId: "u_1" }, " by Dana Smith", "u_1", "Dana Smith"],
    [{ actorType: "user", userId: "u_2" }, " by a teammate", "u_2", "a teammate"],
    [
      { actorType: "machineUser", machineUserId: "mu_1" },
      " by a machine user",
      "mu_1",
      "a machine user",
    ],
    [{ actorType: "system", system: "workflow" }, " by the system", "workflow", "the system"],
    [{ actorType: "UNKNOWN" }, "", null, "an unknown actor"],
    [{ actorType: "customer", customerId: "c_1" }, "", null, "an unknown actor"],
    [{ actorType: "deletedRobot", robotId: 7 }, "", null, "an unknown actor"],
  ])("is read from %j", (createdBy, by, id, label) => {
    const names = { users: { u_1: "Dana Smith" } };

    const [added] = told(groups([], [membership("a", createdBy)]), { names });

    expect(added).toMatchObject({
      summary: `Added to the group a${by}.`,
      actor: { type: createdBy.actorType, id, label },
    });
  });

  it("stays open when the payload does not say", () => {
    const [added] = told(groups([], [membership("a")]));

    expect(added).toMatchObject({ summary: "Added to the group a.", actor: null });
  });
});

describe("another event of Plain's", () => {
  it.each([
    ["thread.thread_created", "Thread created."],
    ["thread.note_created", "Note created."],
    ["thread.slack_message_received", "Slack message received."],
    ["thread.ms_teams_message_sent", "MS Teams message sent."],
    ["customer.customer_group_changed", "Customer group changed."],
    ["account.account_membership_changed", "Account membership changed."],
  ])("of type %s is told as received", (type, summary) => {
    const changes = told(bodyOf({ ...samplePayload("plain/group-added.json"), type }));

    expect(changes).toMatchObject([{ kind: "event.received", tone: "info", summary }]);
  });
});
