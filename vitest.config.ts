import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/init/**/*.test.ts"],
          env: { NODE_ENV: "test" },
        },
      },
      {
        test: {
          name: "vm",
          include: ["test/vm/**/*.vm.ts"],
          // One VM at a time: two cores.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
