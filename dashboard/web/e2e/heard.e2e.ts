import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launch, open } from "./browser";

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

const counting = "data:text/html,<h1>Clicks</h1><button onclick=\"this.textContent = ++window.n\">0</button><script>n = 0</script>";

test("a click that the browser drops is made again, and told of", async () => {
  const { page } = await open(browser, counting);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Input.setIgnoreInputEvents", { ignore: true });
  const warn = vi.spyOn(console, "warn").mockImplementation(() => void cdp.send("Input.setIgnoreInputEvents", { ignore: false }));
  await page.getByRole("button").click();
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
  expect(await page.getByRole("button").textContent()).toBe("1");
  await page.context().close();
});

test("a click that was heard is made once, whatever became of it", async () => {
  const { page } = await open(browser, counting);
  await page.evaluate(() => document.addEventListener("click", (e) => e.stopPropagation(), { capture: true, once: true })); // the page loses one
  await page.getByRole("button").click();
  expect(await page.getByRole("button").textContent()).toBe("0");
  await page.getByRole("button").click();
  expect(await page.getByRole("button").textContent()).toBe("1");
  await page.context().close();
});
