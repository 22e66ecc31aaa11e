// Examples are configurations that people begin with: each is good, without a warning, and its README's command is right. Others are
// manifests: each can be baked in.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { nameFiles, reportOn } from "../../src/agent/cloud-init/verdict.ts";
import { AGENT_PROGRAMS } from "../../src/image/agent.ts";
import { checkBaked, listManifests } from "../../src/image/baked/check.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { repository } from "../../src/lib/paths.ts";

const examples = readdirSync(join(repository, "examples"))
  .filter((name) => existsSync(join(repository, "examples", name, "user-data")))
  .sort();

test("there are the examples that people ask for", () => {
  expect(examples).toEqual([
    "airgapped",
    "dhcp",
    "engine-settings",
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
    const { stdout, stderr } = reportOn(files ?? {}, nodeDecoder, "explain");
    expect(stderr).toBe("");
    await expect(stdout).toMatchFileSnapshot(join(repository, "test/golden/examples", `${name}.txt`));
  });
});

// The build's own check, with its words; test/vm/airgapped.vm.ts boots such an image.
test.each(examples)("%s can be baked into an image", async (name) => {
  const config = join(repository, "examples", name, "user-data");
  await expect(checkBaked({ images: [], manifests: [], config }, "amd64")).resolves.toBeUndefined();
});

test.each(["nginx", "update-cronjob"])("the manifests of %s can be baked into an image", async (name) => {
  const manifests = listManifests(join(repository, "examples", name));
  await expect(checkBaked({ images: [], manifests }, "amd64")).resolves.toBeUndefined();
});

test("the update's CronJob needs no image but the node's own, and calls a program that the node has", () => {
  const file = join(repository, "examples/update-cronjob/update-cronjob.yaml");
  const pod = parse(readFileSync(file, "utf8")).spec.jobTemplate.spec.template.spec;
  const engine = readFileSync(join(repository, "engine/config/config.go"), "utf8");
  const [{ image, args }] = pod.containers;
  expect(image).toBe(/PauseImage += "(.*)"/.exec(engine)?.[1]);
  expect(AGENT_PROGRAMS.map((name) => `/usr/bin/${name}`)).toContain(args[0]);
});
