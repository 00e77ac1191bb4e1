// Runs the browser tests: `npm run e2e -- http://127.0.0.1:8080` against a running server, without an address against
// the stand-in of e2e/mock, and then the pictures of every state too. CHROMIUM names the browser, SHOTS a directory
// for pictures.
import { startVitest } from "vitest/node";

const [base] = process.argv.slice(2);
if (base) process.env.CARILLON_URL = base.replace(/\/$/, "");
const files = base ? ["e2e/product.e2e.ts", "e2e/editor.e2e.ts", "e2e/signin.e2e.ts"] : ["e2e/product.e2e.ts", "e2e/states.e2e.ts", "e2e/people.e2e.ts"];
const vitest = await startVitest("test", files, {
  run: true,
  watch: false,
  environment: "node",
  setupFiles: [],
  include: ["e2e/**/*.e2e.ts"],
  fileParallelism: false,
  maxConcurrency: 3, // of the tests that only look
  testTimeout: 60_000,
  hookTimeout: 60_000,
});
await vitest?.close();
