// Getting in from outside with a certificate of the configuration's authority, and not with another one's.
import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { decodeScreen } from "../screen-code.ts";
import { askForKubeconfig, fingerprintIn, grant } from "./access.ts";
import { bootLimit } from "./machine-under-test.ts";

/** Of the node edge-7, which takes the authority "mine"; there is one called "theirs", too. */
export function accessPromises(cluster: () => Cluster): void {
  const fingerprint = async () =>
    fingerprintIn(await cluster().machine.succeed("cat /run/kubesolo-os/status", bootLimit));

  describe("who has a certificate of the configuration's authority", () => {
    test("gets in from outside by the fingerprint that the console shows", async () => {
      await cluster().machine.waitForConsole(/CA {9}SHA256:/, bootLimit);
      const { exitCode, stderr, file } = await askForKubeconfig(cluster(), "mine", await fingerprint());
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const theirs = { ...cluster(), kubeconfig: file };
      expect(await kubectl(theirs, "get", "nodes")).toContain("edge-7");
      expect(await kubectl(theirs, "auth", "can-i", "*", "*")).toContain("yes");
    });

    test("finds the same in the console's QR code", async () => {
      await cluster().machine.waitForConsole(/[█▀▄]{20}/, bootLimit);
      const screen = await cluster().machine.succeed("kubesolo-os-agent screen /run/kubesolo-os/status");
      expect(decodeScreen(screen)).toBe(`https://10.0.2.15:6443#${await fingerprint()}`);
    });

    test("lets others in as who they are, also with the administrator's made again", async () => {
      await grant("mine", "ann", "--group", "viewers", "--days", "30");
      await grant("mine", "admin", "--replace");
      const { file } = await askForKubeconfig(cluster(), "mine", await fingerprint(), "--user", "ann");
      const said = await kubectl({ ...cluster(), kubeconfig: file }, "auth", "whoami");
      expect(said).toMatch(/^Username +ann$[\s\S]*^Groups +\[viewers system:authenticated\]$/m);
    });

    test("may leave the certificate out, for who gets in by an identity provider", async () => {
      const { exitCode, file } = await askForKubeconfig(cluster(), "mine", await fingerprint(), "--no-user");
      expect([exitCode, readFileSync(file, "utf8")]).toEqual([0, expect.not.stringContaining("client-")]);
    });

    test("is refused by another fingerprint, and nothing is written", async () => {
      const { exitCode, stderr, file } = await askForKubeconfig(
        cluster(),
        "theirs",
        `SHA256:${"A".repeat(43)}`,
      );
      expect([exitCode, existsSync(file)]).toEqual([1, false]);
      expect(stderr).toContain("the box's CA is another one");
    });

    test("is the only one: another authority's administrator doesn't get in", async () => {
      const { exitCode, stderr, file } = await askForKubeconfig(cluster(), "theirs", await fingerprint());
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("doesn't take the certificate")]);
      await expect(kubectl({ ...cluster(), kubeconfig: file }, "get", "nodes")).rejects.toThrow();
    });
  });
}
