// Fetching a support bundle, with a program in kubectl's place.
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeSupportBundle } from "../../test/agent/device/support-bundle.ts";
import { supportFileName } from "../release/support-bundle.ts";
import { readSupportBundle } from "./bundle.ts";
import { fetchSupportBundle } from "./fetch.ts";

function kubectl(script: string): { kubectl: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "support-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "kubectl"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "kubectl"), 0o755);
  return { kubectl: join(folder, "kubectl"), folder };
}

test("what kubectl gets is the file, and its complaints aren't in it", async () => {
  const { archive } = makeSupportBundle({});
  const made = kubectl(
    `echo a warning >&2\n[ "$*" = "--kubeconfig k get --raw /kubesolo-os/support" ] && cat ${archive}`,
  );
  const output = join(made.folder, "out.tar.gz");
  expect(await fetchSupportBundle({ kubectl: made.kubectl, kubeconfig: "k", output })).toBe(output);
  expect((await readSupportBundle(output)).index.machine).toBe("edge-7");
  await expect(fetchSupportBundle({ kubectl: made.kubectl, output })).rejects.toThrow("is there already");
});

test.each([
  ["isn't let in", "echo 'Error from server (Forbidden): …' >&2; exit 1", /administrator/],
  ["isn't known", "echo 'error: You must be logged in (Unauthorized)' >&2; exit 1", /access\.md/],
  ["asks an old box", "echo 'Error from server (NotFound): the server could not find' >&2; exit 1", /older/],
  ["reaches nobody", "echo 'dial tcp: connect: connection refused' >&2; exit 1", /console/],
  ["gets something else", "echo '<html>'", /support. fetches one/],
  ["gets half of it", `head -c 300 ARCHIVE`, /support. fetches one/],
])("who %s is told what to do, and no file is left", async (_name, script, hint) => {
  const { archive } = makeSupportBundle({});
  const made = kubectl(script.replace("ARCHIVE", archive));
  const output = join(made.folder, "out.tar.gz");
  await expect(fetchSupportBundle({ kubectl: made.kubectl, output })).rejects.toMatchObject({
    hint: expect.stringMatching(hint),
  });
  expect(readdirSync(made.folder)).toEqual(["kubectl"]);
});

test("a kubectl that isn't there is named", async () => {
  const output = join(tmpdir(), "never.tar.gz");
  await expect(fetchSupportBundle({ kubectl: "/no/kubectl", output })).rejects.toThrow('"/no/kubectl"');
  expect(existsSync(output)).toBe(false);
});

test("its name tells whose it is, and of when", () => {
  const madeMs = Date.UTC(2026, 10, 30, 9, 15);
  expect(supportFileName({ machine: "edge-7", madeMs })).toBe("support-edge-7-20261130-0915.tar.gz");
  expect(supportFileName({ machine: "../x y", madeMs })).toBe("support-.._x_y-20261130-0915.tar.gz");
});
