// A device in a folder, on a site that answers what the test says: over boots, power cuts and changes.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { afterEach } from "vitest";
import { applyNetwork } from "../../../src/agent/network/apply.ts";
import { guardNetwork } from "../../../src/agent/network/guard.ts";
import type { NetworkPlan } from "../../../src/agent/network/plan.ts";
import * as networks from "../networks.ts";
import { type FolderHost, folderHost, makeDevice, PowerCut } from "./folder-host.ts";

/** Who is at the other end of the cable. */
export interface Site {
  readonly gateways?: readonly string[];
  readonly nameServers?: readonly string[];
  readonly hasDhcp?: boolean;
  /** When they begin to answer, after the machine's start. */
  readonly fromMs?: number;
  /** The power goes at this many questions to a gateway. */
  readonly questions?: number;
  /** The power goes after this many changes. */
  readonly changes?: number;
  /** Commands that fail. */
  readonly failing?: RegExp;
}

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

export const card = (name: string, index: number, carrier = 1) => ({
  [`sys/class/net/${name}/device/uevent`]: "DRIVER=virtio_net\n",
  [`sys/class/net/${name}/ifindex`]: `${index}\n`,
  [`sys/class/net/${name}/address`]: `52:54:00:00:00:0${index}\n`,
  [`sys/class/net/${name}/mtu`]: "1500\n",
  [`sys/class/net/${name}/carrier`]: `${carrier}\n`,
});

export function device(files: Readonly<Record<string, string>> = card("eth0", 2)): string {
  const root = makeDevice({ "run/kubesolo-os/cmdline": "", "etc/kubesolo/machine-id": "x", ...files });
  roots.push(root);
  return root;
}

/** The kernel and the scripts, as far as the agent sees them. */
export function start(root: string, site: Site): FolderHost {
  let asked = 0;
  const host: FolderHost = folderHost(root, {
    ...(site.changes === undefined ? {} : { changes: site.changes }),
    run: ([program, ...args], at) => {
      const answers = (list: readonly string[] = []) =>
        host.uptime() >= (site.fromMs ?? 0) && list.includes(args.at(-1) ?? "");
      const table = at("/proc/net/route");
      if (site.failing?.test([program, ...args].join(" "))) return { exitCode: 1, stderr: "no luck\n" };
      if (program === "arping") {
        asked += 1;
        if (asked === site.questions) throw new PowerCut("arping");
        return { exitCode: answers(site.gateways) ? 0 : 1 };
      }
      if (program === "nslookup")
        return answers(site.nameServers) ? {} : { exitCode: 1, stdout: "timed out" };
      if (args.join(" ").startsWith("route replace 0.0.0.0/0 via "))
        host.writeFile("/proc/net/route", `head\n${routeLine(args[6] ?? "", args[4] ?? "")}\n`);
      if (program?.endsWith("/links") && args[0] === "stop") {
        rmSync(at("/run/kubesolo-os/leases"), { recursive: true, force: true });
        writeFileSync(table, "head\n");
      }
      if (program?.endsWith("/links") && args[0] === "dhcp" && site.hasDhcp)
        for (const link of args.slice(1)) host.writeFile(`/run/kubesolo-os/leases/${link}`, "10.0.2.15/24\n");
      return undefined;
    },
  });
  return host;
}

function routeLine(link: string, gateway: string): string {
  const bytes = gateway.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return [link, "00000000", bytes.reverse().join("").toUpperCase(), "0003", 0, 0, 100, "00000000"].join("\t");
}

/** What is in memory goes with the power. */
export function boot(root: string, plan: NetworkPlan, site: Site) {
  for (const path of ["network.json", "network-done", "leases", "links", "dhcp"])
    rmSync(`${root}/run/kubesolo-os/${path}`, { recursive: true, force: true });
  mkdirSync(`${root}/proc/net`, { recursive: true });
  writeFileSync(`${root}/proc/net/route`, "head\n");
  const host = start(root, site);
  const said: string[] = [];
  const problems = applyNetwork(host, plan);
  const failure = guardNetwork(host, (text) => said.push(text));
  return { host, problems, said, failure };
}

export const read = (host: FolderHost, name: string) =>
  host.stat(`/etc/kubesolo/${name}`) === undefined
    ? undefined
    : JSON.parse(host.readText(`/etc/kubesolo/${name}`, 65536));
export const addresses = ({ calls }: FolderHost) =>
  calls.flatMap(
    (call) => /^ip addr replace (\S+)|links (dhcp .*)$/.exec(call)?.slice(1).filter(Boolean) ?? [],
  );

/** Of a link with these keys. */
export const planOf = (links: string) => networks.planOf(networks.v2(links));
export const home = planOf("eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1}");
