import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/counterparts/*.test.ts"],
    // A built bot and a server each; one after the other, so that neither waits for the other's processor.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
