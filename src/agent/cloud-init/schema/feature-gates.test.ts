// Kubernetes is Go: what is known here of its feature gates must be what the engine knows. UPDATE=1 writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../../../lib/paths.ts";
import { FEATURE_GATES } from "./feature-gates.ts";

test("the gates are those of the engine", () => {
  const gates = readFileSync(sourcePath("engine/config/feature-gates.txt"), "utf8");
  if (process.env["UPDATE"] === "1") {
    const file = sourcePath("src/agent/cloud-init/schema/feature-gates.ts");
    const before = readFileSync(file, "utf8");
    writeFileSync(
      file,
      before.replace(/(?<=`)[^`]*(?=`)/, () => gates),
    );
    return;
  }
  expect(FEATURE_GATES).toBe(gates);
});
