import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const styles = "node_modules/@mantine/core/styles";
const code = "node_modules/@mantine/core/esm/components";
const kept = new Set([...readFileSync("src/mantine.css", "utf8").matchAll(/styles\/([\w-]+)\.css/g)].map((m) => m[1]));

/** The style sheets of a component, and of those it is made of: a select's arrows stand in the sheet of another. */
function sheets(file: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(file) || !existsSync(file)) return found;
  seen.add(file);
  for (const [, to = ""] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+\.mjs)"/g)) {
    const next = join(dirname(file), to);
    const own = relative(code, next).split("/")[0] ?? "";
    if (next.endsWith(".module.mjs") && existsSync(join(styles, `${own}.css`))) found.add(own);
    for (const s of sheets(next, seen)) found.add(s);
  }
  return found;
}

test("every component in use has its styles", () => {
  const lacking = new Set<string>();
  for (const file of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".tsx")) continue;
    for (const list of readFileSync(join("src", file), "utf8").matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)) {
      for (const name of (list[1] ?? "").split(",").map((n) => n.trim().split(" ")[0] ?? "")) {
        for (const sheet of sheets(join(code, name, `${name}.mjs`))) if (!kept.has(sheet)) lacking.add(`${sheet} of ${name}`);
      }
    }
  }
  expect([...lacking]).toEqual([]);
});
