// What people install, on a machine: drivers of storage and of devices, before and after a power cut, and a mesh's sidecar. More of each:
// test/sandbox/drivers.test.ts, test/workloads/mesh.test.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster, importImages } from "../../src/vm/cluster.ts";
import { nginxDisk } from "../../src/vm/nginx.ts";
import {
  bootImage,
  bootLimit,
  busyboxSerial,
  manifestPath,
  measure,
  podLimit,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";

const published = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);

let cluster: Cluster;

beforeAll(async () => {
  const { busyboxArchive, driversArchive, meshArchive, nginxArchive } = readKit();
  const readOnlyDisks = [
    { path: busyboxArchive, serial: busyboxSerial },
    { path: driversArchive, serial: "drivers" },
    { path: meshArchive, serial: "mesh" },
    nginxDisk(nginxArchive),
  ];
  cluster = await bootImage("drivers", { readOnlyDisks });
  await becomeReady(cluster, bootLimit);
  for (const { serial } of readOnlyDisks) await importImages(cluster.machine, serial, podLimit);
  for (const name of ["drivers", "lamps"]) await apply(published(name));
}, 900_000);

afterAll(async () => {
  await cluster?.machine.crash();
});

test("pods get a volume, a port and a lamp of drivers that register", async () => {
  await waitForDrivers();
  await apply(published("drivers-users"));
  await waitForUsers();
  expect(await given()).toEqual(["one two", "bright 1, dark 0"]);
});

test("what a pod asks comes to its sidecar, whose own user is left out: the kernel tells owners apart", async () => {
  await apply(sourcePath("test/workloads/manifests/mesh.yaml"));
  for (const pod of ["web", "meshed"]) await waitForPod(cluster, pod);
  const ask = (container: string) => [
    "exec",
    "meshed",
    `--container=${container}`,
    "--",
    "wget",
    "-T",
    "5",
    "-qO-",
    "http://web",
  ];
  await untilPrints(cluster, ask("proxy"), /nginx/);
  await untilPrints(cluster, ask("app"), /^by the sidecar$/m);
});

test("what a list in /etc/cdi says of a device, a container has", async () => {
  const spec = { cdiVersion: "0.6.0", kind: "example.com/heater", devices: [heater] };
  await cluster.machine.succeed(`echo '${JSON.stringify(spec)}' >/etc/cdi/heaters.json`);
  await apply(manifestPath("listed-device"));
  await waitForPod(cluster, "heated");
  await untilPrints(cluster, ["logs", "heated"], /^attic\n$/);
});

test("a power cut takes none of it away", async () => {
  const before = await given();
  await measure("power cut with drivers to Ready", async () => {
    await cluster.machine.crash();
    await cluster.machine.powerOn();
    await becomeReady(cluster, bootLimit);
  });
  await waitForDrivers();
  await cluster.machine.until("test $(cat /var/lib/folders/*/users | wc -l) = 6", podLimit);
  await waitForUsers();
  expect(await given()).toEqual(before);
  await untilPrints(cluster, ["logs", "heated"], /^(attic\n)+$/);
  expect(await cluster.machine.succeed("grep ' /var/lib/kubelet ' /proc/mounts")).toMatch(/ext4 rw/);
});

const heater = { name: "one", containerEdits: { env: ["HEATER=attic"] } };

/** Again, if need be: kubectl asks for the API's whole description first, which takes long on a machine that is busy. */
async function apply(path: string): Promise<void> {
  await untilPrints(cluster, ["apply", "--filename", path], /./);
}

async function waitForDrivers(): Promise<void> {
  const of = (kind: string, path: string) => ["get", kind, `--output=jsonpath={.items[*]${path}}`];
  await untilPrints(cluster, of("csinode", ".spec.drivers[*].name"), /^folders\.example\.com$/);
  await untilPrints(cluster, of("node", ".status.allocatable.example\\.com/port"), /^2$/);
  await untilPrints(cluster, of("resourceslices", ".spec.devices[*].name"), /^bright dark$/);
}

async function waitForUsers(): Promise<void> {
  for (const pod of ["first", "second", "third"]) await waitForPod(cluster, pod);
}

/** The ports and the lamps that the newest containers have, as they wrote it into their volume. */
async function given(): Promise<string[]> {
  const text = await cluster.machine.succeed("cat /var/lib/folders/*/users");
  const rows = text
    .trimEnd()
    .split("\n")
    .slice(-3)
    .map((line) => line.split(" "));
  expect(rows.map(([name]) => name).sort()).toEqual(["first", "second", "third"]);
  const ports = rows.map(([, port]) => port).filter((port) => port !== "none");
  const lamps = rows.map(([, , ...lamp]) => lamp.join(" ")).filter((lamp) => lamp !== "none 0");
  return [ports.sort().join(" "), lamps.sort().join(", ")];
}
