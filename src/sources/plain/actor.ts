import type { Actor } from "../../core/change.ts";
import type { PlainConfig } from "./config.ts";
import type { Actor as PlainActor } from "./schema.ts";

/** Who did something, by name where the config has one. */
export function actorOf(actor: PlainActor, { users }: PlainConfig["names"]): Actor {
  const { actorType: type, userId, machineUserId, system } = actor;
  switch (type) {
    case "user":
      return { type, id: userId, label: users.get(userId ?? "") ?? "a teammate" };
    case "machineUser":
      return { type, id: machineUserId, label: users.get(machineUserId ?? "") ?? "a machine user" };
    case "system":
      return { type, id: system, label: "the system" };
    default:
      return { type, id: null, label: "an unknown actor" };
  }
}

/** Whether a sentence gains from naming the actor. */
export function isTelling({ type }: Actor): boolean {
  return ["user", "machineUser", "system"].includes(type);
}
