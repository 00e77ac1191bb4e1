import type { Schemas } from "../../src/api/client";
import { idOf } from "./cadences";
import type { World } from "./world";

const template = (w: World): Schemas["TemplateItem"] => {
  const c = w.one(idOf("cd", 1));
  return { id: idOf("tp", 1), name: "House of spring", description: c.description, vertical: "Insurance", built_in: false, steps: c.steps, type: c.type, channels: c.channels, created_at: c.created_at };
};

/** The one template of a stand-in, alone or in a list. */
export function templates(w: World, id: string | undefined): Schemas["TemplateDetail"] | Schemas["TemplatePage"] {
  return id ? { ...template(w), document: w.one(idOf("cd", 1)).draft, publishable: true, problems: [] } : { items: [template(w)], next: null };
}

/** What was published of a cadence, the newest first. */
export function versions(w: World, id: string): Schemas["VersionPage"] {
  const c = w.one(id);
  const one = (version: number): Schemas["VersionItem"] => ({ version, published_at: c.created_at, current: version === c.version, steps: c.steps, changes: version - 1 });
  return { items: Array.from({ length: c.version }, (_, i) => one(c.version - i)), next: null };
}

/** How a draft differs from what is published. */
export function difference(w: World, id: string): Schemas["CadenceDiff"] {
  const c = w.one(id);
  return { version: c.version, enrolled: c.enrolled, changes: [{ kind: "changed", step: "call-1", path: "delay_after", from: '"24h"', to: '"48h"' }] };
}
