import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/init/**/*.test.ts", "test/agent/**/*.test.ts"],
          env: { NODE_ENV: "test" },
          // Some do a whole boot's work a hundred times, with a cut at each change; a machine may be busy.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "agent",
          include: ["test/agent/**/*.agent.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "factory",
          include: ["test/factory/**/*.test.ts"],
          fileParallelism: false,
          // A cold compiler's cache takes minutes to fill.
          testTimeout: 3_000_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "architecture",
          include: ["test/factory/**/*.architecture.ts"],
          testTimeout: 3_000_000,
        },
      },
      {
        test: {
          name: "sandbox",
          include: ["test/sandbox/**/*.test.ts"],
          // One node at a time: two cores.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "workloads",
          // With what of the sandbox tests shows the same: that what people install runs here.
          include: [
            "test/workloads/**/*.test.ts",
            "test/sandbox/{drivers,metrics,networks,refused-writes,settings}.test.ts",
          ],
          fileParallelism: false,
          testTimeout: 600_000,
          // Helm is compiled first.
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: "conformance",
          include: ["test/conformance/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "matrix",
          include: ["test/vm/**/*.matrix.ts"],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "vm",
          include: ["test/vm/**/*.vm.ts"],
          // One VM at a time: two cores.
          fileParallelism: false,
          // Each wait has a limit of its own, and says what it waited for.
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
