import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These need a browser, other servers, a quiet machine or minutes: `.ci/run` starts them with their own configuration.
    exclude: ["test/browser/**", "test/counterparts/**", "test/bench/**", "test/long/**", "**/node_modules/**"],
    pool: "threads",
    // Vitest leaves one core free; on a machine of two that would be half of it.
    maxWorkers: "100%",
    testTimeout: 20_000,
  },
});
