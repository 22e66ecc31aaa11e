import { expect, test } from "vitest";
import { parseImageList } from "./registries.ts";

test("references are grouped by image; other registries' are left out", () => {
  const list = `localhost:5055/e2e/agnhost:2.66.1
localhost:5055/e2e/agnhost:2.55
localhost:5055/e2e/pause:3.10
localhost/invalid/alpine:3.1
`;
  expect([...parseImageList(list)]).toEqual([
    ["agnhost", ["localhost:5055/e2e/agnhost:2.55", "localhost:5055/e2e/agnhost:2.66.1"]],
    ["pause", ["localhost:5055/e2e/pause:3.10"]],
  ]);
});
