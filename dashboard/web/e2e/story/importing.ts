import type { Page } from "playwright-core";
import { expect } from "vitest";
import { lookBoth } from "../look";
import { visit } from "../browser";

/** Numbers that nobody has, each once, with a bad and a repeated row at the end. */
export function leadFile(rows: number): string {
  const codes = ["212", "303", "312", "404", "602"];
  const lines = Array.from({ length: rows - 2 }, (_, i) => `Lead ${String(i + 1).padStart(5, "0")},+1${codes[i % 5]}${600 + Math.floor(i / 50)}0${100 + (i % 100)},w${i + 1}`);
  return ["Name,Dial,Ref", ...lines, `Lead ${rows - 1},soon,w${rows - 1}`, "Lead again,+12126000100,w1"].join("\n");
}

/** Imports a file of 5,000 rows as a person does, and tells the list it became. */
export async function throughTheWizard(page: Page, base: string, file: string): Promise<string> {
  await visit(page, `${base}/lists`);
  await page.getByRole("link", { name: "Import leads" }).first().click();
  await page.locator('input[type="file"]').setInputFiles({ name: "spring-fair.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByText("No column holds telephone numbers.").waitFor();
  await page.getByLabel("Dial goes to").selectOption("phone");
  await page.getByLabel("Ref goes to").selectOption("external_id");
  const settled = () => expect.poll(() => page.locator('main [aria-busy="true"]').count()).toBe(0); // what is being asked anew is dimmed
  await settled();
  await lookBoth(page, "import-columns");
  await page.getByRole("button", { name: "See what would happen" }).click();
  const figure = (name: string) => page.locator(`[data-count="${name}"] dd`).innerText();
  await expect.poll(() => figure("Valid")).toBe("4,999");
  expect(await figure("Bad")).toBe("1");
  expect(await figure("Duplicate")).toBe("1");
  await settled();
  await lookBoth(page, "import-dryrun");
  const begun = Date.now();
  await page.getByRole("button", { name: /^Import 4,99\d leads$/ }).click();
  await page.getByRole("heading", { name: "Imported" }).waitFor({ timeout: 30_000 });
  expect(await figure("New")).toBe("4,998");
  expect(await figure("Rejected")).toBe("1");
  console.log(`import of 5,000 leads in the browser: ${Date.now() - begun} ms`);
  await lookBoth(page, "import-done");
  const lists = (await (await page.request.get(`${base}/v1/lists`)).json()) as { items: { id: string }[] };
  return lists.items[0]?.id ?? "";
}
