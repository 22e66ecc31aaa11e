// Getting in from outside with a certificate of the configuration's authority, and not with another one's: docs/access.md.
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { decodeScreen } from "../screen-code.ts";
import { shownCommand } from "../shown-commands.ts";
import { deskPath, fingerprintIn, ownBox, runAtDesk } from "./access.ts";
import { bootLimit } from "./machine-under-test.ts";

/** Of the node edge-7, which takes the authority of "mine"; there is somebody called "theirs", too. */
export function accessPromises(cluster: () => Cluster): void {
  const fingerprint = async () =>
    fingerprintIn(await cluster().machine.succeed("cat /run/kubesolo-os/status", bootLimit));
  const box = async () => ownBox(cluster(), await fingerprint());
  const at = (person: string, ...lines: string[]) =>
    runAtDesk(person, lines, { kubectl: [cluster().kubectl] });
  const askAsAdministrator = (own: Record<string, string>) =>
    shownCommand(
      "access",
      "bin/kubesolo-os access kubeconfig --server 192.168.1.12 --fingerprint SHA256:…",
      own,
    );
  const [kubeconfig, theirs] = [
    deskPath("mine", "access/kubeconfig"),
    deskPath("theirs", "access/kubeconfig"),
  ];

  describe("who has a certificate of the configuration's authority", () => {
    test("gets in from outside by the fingerprint that the console shows", async () => {
      await cluster().machine.waitForConsole(/CA {9}SHA256:/, bootLimit);
      const { exitCode, stderr } = await at("mine", askAsAdministrator(await box()));
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
      const lines = [
        shownCommand("access", "export KUBECONFIG"),
        shownCommand("access", "kubectl get nodes"),
      ];
      expect((await at("mine", ...lines)).stdout).toContain("edge-7");
      expect(await kubectl({ ...cluster(), kubeconfig }, "auth", "can-i", "*", "*")).toContain("yes");
    });

    test("finds the same in the console's QR code", async () => {
      await cluster().machine.waitForConsole(/[█▀▄]{20}/, bootLimit);
      const screen = await cluster().machine.succeed("kubesolo-os-agent screen /run/kubesolo-os/status");
      expect(decodeScreen(screen)).toBe(`https://10.0.2.15:6443#${await fingerprint()}`);
    });

    test("may give the fingerprint as openssl says it of the CA", async () => {
      const path = "jsonpath={.clusters[0].cluster.certificate-authority-data}";
      const ca = await kubectl({ ...cluster(), kubeconfig }, "config", "view", "--raw", "--output", path);
      writeFileSync(deskPath("mine", "ca.crt"), ca, "base64");
      const openssl = shownCommand("access", "openssl x509 -fingerprint");
      const said = await at("mine", `${openssl} <ca.crt`);
      const [, hexadecimal = ""] = /^sha256 Fingerprint=(\S+)$/im.exec(said.stdout) ?? [];
      const ask = askAsAdministrator({ ...(await box()), "SHA256:…": hexadecimal });
      expect(await at("mine", `${ask} --force`)).toMatchObject({ exitCode: 0, stderr: "" });
    });

    test("lets others in as who they are, also with the administrator's made again", async () => {
      const own = await box();
      const end = shownCommand("access", "openssl x509 -enddate");
      const before = await at("mine", end);
      await at(
        "mine",
        shownCommand("access", "bin/kubesolo-os access grant ann"),
        shownCommand("access", "bin/kubesolo-os access grant admin --replace"),
        shownCommand(
          "access",
          "bin/kubesolo-os access kubeconfig --server 192.168.1.12 --fingerprint SHA256:… --user ann",
          own,
        ),
      );
      expect((await at("mine", end)).stdout).toMatch(/^notAfter=/);
      expect((await at("mine", end)).stdout).not.toBe(before.stdout);
      const whoami = shownCommand("access", "kubectl auth whoami");
      const { stdout } = await at("mine", "export KUBECONFIG=ann.kubeconfig", whoami);
      expect(stdout).toMatch(/^Username +ann$[\s\S]*^Groups +\[viewers system:authenticated\]$/m);
    });

    test("may leave the certificate to a plugin, for who gets in by an identity provider", async () => {
      const { exitCode } = await at(
        "mine",
        shownCommand(
          "access",
          "bin/kubesolo-os access kubeconfig --server 192.168.1.12 --fingerprint SHA256:… --no-user",
          await box(),
        ),
        shownCommand("access", "kubectl --kubeconfig site.kubeconfig config set-credentials", {
          "192.168.1.12": "127.0.0.1",
        }),
      );
      expect(exitCode).toBe(0);
      expect(readFileSync(deskPath("mine", "site.kubeconfig"), "utf8")).not.toMatch(
        /client-(certificate|key)/,
      );
      writePlugin();
      const { stdout } = await at(
        "mine",
        "export PATH=$PWD:$PATH KUBECONFIG=site.kubeconfig",
        "kubectl auth whoami",
      );
      expect(stdout).toMatch(/^Username +ann$/m);
    });

    test("is refused by another fingerprint, and nothing is written", async () => {
      const ask = askAsAdministrator({ ...(await box()), "SHA256:…": `SHA256:${"A".repeat(43)}` });
      const { exitCode, stderr } = await at("theirs", ask);
      expect([exitCode, existsSync(theirs)]).toEqual([1, false]);
      expect(stderr).toContain("the box's CA is another one");
    });

    test("is the only one: another authority's administrator doesn't get in", async () => {
      const { exitCode, stderr } = await at("theirs", askAsAdministrator(await box()));
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("doesn't take the certificate")]);
      await expect(kubectl({ ...cluster(), kubeconfig: theirs }, "get", "nodes")).rejects.toThrow();
    });
  });
}

/** In the place of kubelogin, for want of a provider: it gives kubectl ann's certificate. */
function writePlugin(): void {
  const read = (name: string) => readFileSync(deskPath("mine", `access/ann.${name}`), "utf8");
  const status = { clientCertificateData: read("crt"), clientKeyData: read("key") };
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
  const script = `#!/bin/sh\n[ "$1" = get-token ] && cat <<'END'\n${JSON.stringify(credential)}\nEND\n`;
  writeFileSync(deskPath("mine", "kubectl-oidc_login"), script, { mode: 0o755 });
}
