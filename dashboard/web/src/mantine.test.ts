import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const kept = new Set([...readFileSync("src/mantine.css", "utf8").matchAll(/styles\/([\w-]+)\.css/g)].map((m) => m[1]));
const shipped = new Set(readdirSync("node_modules/@mantine/core/styles").map((f) => f.replace(/\.css$/, "")));

test("every component in use has its styles", () => {
  const lacking = new Set<string>();
  for (const file of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".tsx")) continue;
    for (const list of readFileSync(join("src", file), "utf8").matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)) {
      for (const name of (list[1] ?? "").split(",").map((n) => n.trim().split(" ")[0] ?? "")) {
        if (shipped.has(name) && !kept.has(name)) lacking.add(name);
      }
    }
  }
  expect([...lacking]).toEqual([]);
});
