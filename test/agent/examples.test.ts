// Examples are configurations that people begin with: each is good, without a warning, and its README's command is right.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nameFiles, reportOn } from "../../src/agent/cloud-init/verdict.ts";
import { checkBaked } from "../../src/image/baked/check.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { repository } from "../../src/lib/paths.ts";

const examples = readdirSync(join(repository, "examples"))
  .filter((name) => existsSync(join(repository, "examples", name, "user-data")))
  .sort();

test("there are the examples that people ask for", () => {
  expect(examples).toEqual([
    "airgapped",
    "dhcp",
    "portainer-edge",
    "registry-mirror",
    "static-ip",
    "usb-config",
    "vlan-bond",
  ]);
});

describe("the example is good, without a warning", () => {
  test.each(examples)("%s", async (name) => {
    const readme = readFileSync(join(repository, "examples", name, "README.md"), "utf8");
    const command = /`kubesolo-os config explain ([^`]*)`/.exec(readme)?.[1] ?? "";
    const files = nameFiles(
      command.split(/\s+/).map((file) => ({ file, content: readFileSync(join(repository, file)) })),
    );
    const { stdout, stderr } = reportOn(files ?? {}, nodeDecoder, "explain", false);
    expect(stderr).toBe("");
    await expect(stdout).toMatchFileSnapshot(join(repository, "test/golden/examples", `${name}.txt`));
  });
});

// The build's own check, with its words; test/vm/airgapped.vm.ts boots such an image.
test.each(examples)("%s can be baked into an image", async (name) => {
  const config = join(repository, "examples", name, "user-data");
  await expect(checkBaked({ images: [], manifests: [], config }, "amd64")).resolves.toBeUndefined();
});
