import type { Facts } from "../core/facts.ts";
import type { Rendered, Templates } from "../render/rendered.ts";
import type { Sides } from "./compare.ts";
import type { Stage } from "./rehearse.ts";

/** The stages, with templates that render the same facts once for both where the configs have the same templates. */
export function sharing({ today, other }: Sides<Stage>): Sides<Stage> {
  if (today.templates.fingerprint !== other.templates.fingerprint) return { today, other };
  const templates = remembering(today.templates);
  return { today: { ...today, templates }, other: { ...other, templates } };
}

/** Templates that keep what they rendered of facts for as long as these are in use. */
function remembering(templates: Templates): Templates {
  const known = new WeakMap<Facts, Map<string, Rendered>>();
  return {
    ...templates,
    render: (wanted, facts, platform) => {
      const rendered = known.get(facts) ?? new Map<string, Rendered>();
      known.set(facts, rendered);
      const key = `${platform} ${wanted ?? ""}`;
      const found = rendered.get(key) ?? templates.render(wanted, facts, platform);
      rendered.set(key, found);
      return found;
    },
  };
}
