import { defineConfig } from "vitest/config";

// Needs a Chromium on the PATH; `.ci/run` installs Debian's. Screenshots go to test/browser/screens/.
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
