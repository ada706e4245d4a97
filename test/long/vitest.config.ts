import { defineConfig } from "vitest/config";

// Takes minutes and every core; `.ci/run` starts it.
export default defineConfig({
  test: {
    include: ["test/long/*.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
  },
});
