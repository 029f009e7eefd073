import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, sampleBody, samplePayload } from "../samples.ts";
import { plainSource, withPayload } from "./workspace.ts";

const MEMBERSHIPS_CHANGED = "customer.customer_group_memberships_changed";
const source = plainSource();

function event(type: string, payload: JsonObject, more: JsonObject = {}) {
  const envelope = { id: "pEv_1", type, timestamp: "2026-12-01T00:00:00Z", workspaceId: "w_1" };
  return source.parse(bodyOf({ ...envelope, payload, ...more }));
}

describe("a change of groups that Plain sent", () => {
  it("is an event about its customer", () => {
    expect(source.parse(sampleBody("plain/group-added.json"))).toEqual({
      type: MEMBERSHIPS_CHANGED,
      time: "2026-11-19T16:58:32.357Z",
      subject: "c_01HD44FHDPG82VQ4QNHDR4N2T0",
      customer: {
        id: "c_01HD44FHDPG82VQ4QNHDR4N2T0",
        label: "Peter Santos",
        name: "Peter Santos",
        email: "peter@example.com",
        external_id: null,
        metadata: {},
        url: "https://app.plain.com/workspace/w_01GST0W989ZNAW53X6XYHAY87P/customer/c_01HD44FHDPG82VQ4QNHDR4N2T0",
      },
      payload: samplePayload("plain/group-added.json"),
    });
  });

  it("is read from the page of 2023, misspelled and flat, and kept as it was sent", () => {
    const parsed = source.parse(sampleBody("plain/group-added-2023.json"));

    expect(parsed).toMatchObject({
      type: MEMBERSHIPS_CHANGED,
      subject: "c_01GST0WAGQ7RSMMEXZGA360MFY",
      customer: { label: "Colby Kunde", external_id: "external_01GST0WAFACKR7NA5BH60W9RWA" },
      payload: { type: "customer.customer_groups_memberships_canged" },
    });
  });

  it.each([
    MEMBERSHIPS_CHANGED,
    "customer.customer_groups_memberships_changed",
    "customer.customer_groups_memberships_canged",
  ])("may be spelled %s, outside and inside, in both shapes", (spelling) => {
    for (const name of ["group-added", "group-added-2023"]) {
      const inside = withPayload(name, { eventType: spelling });

      expect(source.parse(bodyOf({ ...inside, type: spelling })).type).toBe(MEMBERSHIPS_CHANGED);
      expect(source.parse(bodyOf({ ...inside, type: MEMBERSHIPS_CHANGED })).type).toBe(
        MEMBERSHIPS_CHANGED,
      );
    }
  });

  it.each([
    [{ fullName: "" }, "Peter"],
    [{ fullName: " ", shortName: null }, "peter@example.com"],
    [{ fullName: "", shortName: "", email: null, externalId: "usr_1" }, "usr_1"],
    [
      { fullName: "", shortName: null, email: null, externalId: null },
      "c_01HD44FHDPG82VQ4QNHDR4N2T0",
    ],
  ])("labels a customer with %j by what is left", (fields, label) => {
    const sample = samplePayload("plain/group-added.json")["payload"] as { customer: JsonObject };

    const body = bodyOf(
      withPayload("group-added", { customer: { ...sample.customer, ...fields } }),
    );

    expect(source.parse(body).customer?.label).toBe(label);
  });

  it.each([
    [{ previousCustomer: null }, ["payload.previousCustomer"]],
    [{ customer: { id: "c_1" } }, ["payload.customer.customerGroupMemberships"]],
    [
      { customerGroupMemberships: [{}], previousCustomerGroupMemberships: null },
      [
        "payload.customerGroupMemberships[0].customerGroupId",
        "payload.customerGroupMemberships[0].customerGroup",
        "payload.previousCustomerGroupMemberships",
      ],
    ],
  ])("is refused with %j, and the paths that do not fit", (payload, paths) => {
    const body = bodyOf(withPayload("group-added", payload));

    expect(() => source.parse(body)).toThrow(
      expect.objectContaining({ name: "PayloadError", paths }),
    );
  });
});

describe("another event of Plain's", () => {
  const customer = { id: "c_1", fullName: "Peter" };

  it.each([
    ["customer.customer_created", { customer }, "c_1", "Peter"],
    ["customer.customer_deleted", { previousCustomer: customer }, "c_1", "Peter"],
    ["thread.thread_created", { thread: { id: "th_1", customer } }, "c_1", "Peter"],
    [
      "thread.thread_status_transitioned",
      {
        previousThread: { id: "th_1", customer: { id: "c_1", fullName: "Old name" } },
        thread: { id: "th_1", customer },
      },
      "c_1",
      "Peter",
    ],
    [
      "timeline.timeline_entry_changed",
      { timelineEntry: { id: "t_1", customerId: "c_1" } },
      "c_1",
      "c_1",
    ],
    ["customer.customer_group_changed", { customerGroup: { id: "cg_1" } }, "cg_1", undefined],
    ["something.new", { changeType: "ADDED" }, "pEv_1", undefined],
  ])("of type %s is about whom %j names", (type, payload, subject, label) => {
    const parsed = event(type, payload);

    expect(parsed).toMatchObject({ type, subject });
    expect(parsed.customer?.label).toBe(label);
  });

  it("has a subject even without any id", () => {
    expect(event("something.new", {}, { id: null }).subject).toBe("something.new");
  });

  it("has no address at Plain without a workspace", () => {
    const parsed = event("customer.customer_created", { customer }, { workspaceId: null });

    expect(parsed.customer?.url).toBeNull();
  });
});
