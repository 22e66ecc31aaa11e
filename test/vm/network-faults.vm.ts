// Machines whose network is silent, late or set by hand. One without a card: late-card.matrix.ts.
import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { hostPortOf, waitForPage } from "../../src/vm/cluster.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { directKernel } from "./direct-kernel.ts";
import { bootImage, bootLimit, measure, timeServerProgram } from "./machine-under-test.ts";
import { router, silentServer } from "./router.ts";
import { startTimeServer } from "./time-server.ts";

test("where nobody answers DHCP, in 1970, the node gets Ready; a router that comes later tells it the time", async () => {
  await using timeServer = await startTimeServer(timeServerProgram(), buildPath("test/time-server"));
  const { machine: booted } = await bootImage("late-network", {
    // The node's cable is the one between eth1 and eth2; the other two cards will be the router's.
    kernel: directKernel("ip=:::::eth0:off", "ip=:::::eth2:off"),
    readOnlyDisks: [],
    cables: 1,
    offline: false,
    clock: "1970-01-01",
  });
  await using machine = booted;
  await machine.waitForConsole(/90-kubesolo: no DHCP answer yet; going on without/, bootLimit);
  await machine.waitForConsole(/the clock says 1970-01-01; setting it to the release's date/, bootLimit);
  await machine.waitForConsole(
    /no network interface has got an IPv4 address yet; waiting up to 30s/,
    bootLimit,
  );
  await measure("no DHCP answer, 1970, power-on to Ready", () => machine.until("kubesolo status", bootLimit));
  const epoch = Number(await machine.succeed("cat /usr/lib/kubesolo-os/epoch"));
  const before = Number(await machine.succeed("date +%s"));
  expect(before).toBeGreaterThanOrEqual(epoch);
  expect(before).toBeLessThan(Date.now() / 1000 - 3600);

  await machine.succeed(`cat >/tmp/router <<'END'\n${router(timeServer.port)}END\n`);
  await machine.succeed("sh /tmp/router");
  await measure("a router's DHCP answer to the right time", () =>
    machine.until(`test "$(date +%s)" -ge ${Math.floor(Date.now() / 1000)}`, bootLimit),
  );
  expect(Math.abs(Number(await machine.succeed("date +%s")) - Date.now() / 1000)).toBeLessThan(5);
  expect(await machine.succeed("cat /run/kubesolo-os/ntpd.conf")).toBe(
    `server ${silentServer}\nserver 10.9.0.1\n`,
  );
  await machine.until(`test "$(${nodeAddress})" = 10.9.0.20 && kubesolo status`, bootLimit);
  const certificate = new X509Certificate(
    await machine.succeed("cat /var/lib/kubesolo/pki/apiserver/apiserver.crt"),
  );
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
});

const nodeAddress = "kubesolo kubectl get node -o jsonpath={.items[0].status.addresses[0].address}";

test("an address by the command line answers from outside", async () => {
  const guestPort = 30080;
  const { machine: booted } = await bootImage("static-address", {
    kernel: directKernel("ip=10.0.2.77::10.0.2.2:255.255.255.0"),
    readOnlyDisks: [],
    forwards: [{ hostPort: await findFreePort(), guestPort, guestAddress: "10.0.2.77" }],
  });
  await using machine = booted;
  await machine.succeed(`httpd -p ${guestPort} -h /usr/lib/kubesolo-os`, bootLimit);
  const url = `http://127.0.0.1:${hostPortOf(machine, guestPort)}/epoch`;
  await waitForPage(
    machine,
    url,
    (await machine.succeed("cat /usr/lib/kubesolo-os/epoch")).trim(),
    bootLimit,
  );
  expect(await machine.succeed("ip route")).toContain("default via 10.0.2.2 dev eth0");
  expect(await machine.succeed("ls /run")).not.toContain("udhcpc");
});
