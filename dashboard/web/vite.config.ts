import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Below this a compressed form saves nothing worth a second file. */
const SMALLEST = 1024;

/** Of how many screens and dialogs a thing has to be a part to be loaded with the first of them. */
const SHARED = 8;

/** Comes with the first dialog all the same. */
const DIALOGS = /\/Modal|Dialog|react-remove-scroll|react-style-singleton|use-(sidecar|callback-ref)|FocusTrap|ScrollArea/;

/** Leaves .br and .gz forms beside each text file, so that the server never compresses. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    closeBundle() {
      const dist = join(import.meta.dirname, "dist");
      for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const file = join(dist, name);
        const raw = readFileSync(file);
        if (raw.length < SMALLEST) continue;
        writeFileSync(`${file}.gz`, gzipSync(raw, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    // Left alone, what several screens share becomes fifty small files, of which the first view would ask for most: each
    // costs a request and is packed by itself. So there is one file that every page needs and one that most screens need.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "frame", tags: ["$initial"], priority: 2 },
            { name: "screens", minShareCount: SHARED, test: (id) => !DIALOGS.test(id), priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/v1": process.env.CARILLON ?? "http://127.0.0.1:8080" } },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://127.0.0.1:8080/" } },
    setupFiles: "./src/test-setup.ts",
    testTimeout: 40_000,
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
