import { defineConfig } from "vitest/config";

// These need a browser, other servers, a quiet machine or minutes: `.ci/run` starts them with their own configuration.
const ELSEWHERE = ["test/browser/**", "test/counterparts/**", "test/bench/**", "test/long/**", "**/node_modules/**"];
/** What an SDK keeps in its process (agents, sockets, limits) must not outlive a file. */
const ALONE = ["test/adapters/**/*.test.ts", "test/contract/**/*.test.ts"];

export default defineConfig({
  test: {
    pool: "threads",
    // Vitest leaves one core free; on a machine of two that would be half of it.
    maxWorkers: "100%",
    testTimeout: 20_000,
    projects: [
      { extends: true, test: { name: "wires", include: ALONE, exclude: ELSEWHERE } },
      {
        extends: true,
        // Loading the house anew for each file would take longer than most of them do.
        test: { name: "house", include: ["test/**/*.test.ts"], exclude: [...ELSEWHERE, ...ALONE], isolate: false },
      },
    ],
  },
});
