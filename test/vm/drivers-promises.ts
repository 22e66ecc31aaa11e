// What people install, on a machine: drivers of storage and of devices, and a mesh's sidecar; and that a power cut takes none of
// it away. More of each: test/sandbox/drivers.test.ts, test/workloads/mesh.test.ts.
import { describe, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster } from "../../src/vm/cluster.ts";
import { bootLimit, measure, podLimit, untilPrints, waitForPod } from "./machine-under-test.ts";

const published = (name: string) => sourcePath("test/sandbox/manifests", `${name}.yaml`);

/** The machine has the images of drivers, mesh, nginx and BusyBox. */
export function driversPromises(cluster: () => Cluster): void {
  describe("what people install", () => {
    test("drivers register; pods get a volume, a port and a lamp of them", async () => {
      await apply(cluster(), sourcePath("src/kit/drivers/drivers.yaml"));
      await apply(cluster(), published("lamps"));
      await waitForDrivers(cluster());
      await apply(cluster(), published("drivers-users"));
      await waitForStarts(cluster(), 3);
      expect(await given(cluster())).toEqual(["one two", "bright 1, dark 0"]);
    });

    test("a pod's connections come to its sidecar, whose own go out: the kernel tells owners apart", async () => {
      await apply(cluster(), sourcePath("test/workloads/manifests/mesh.yaml"));
      for (const pod of ["web", "meshed"]) await waitForPod(cluster(), pod);
      await askMesh(cluster());
    });

    test("a power cut takes none of it away", async () => {
      await measure("power cut with drivers to Ready", async () => {
        await cluster().machine.crash();
        await cluster().machine.powerOn();
        await becomeReady(cluster(), bootLimit);
      });
      await waitForDrivers(cluster());
      await waitForStarts(cluster(), 6);
      expect(await given(cluster())).toEqual(["one two", "bright 1, dark 0"]);
      await askMesh(cluster());
      expect(await cluster().machine.succeed("grep ' /var/lib/kubelet ' /proc/mounts")).toMatch(/ext4 rw/);
    });
  });
}

/** Again, if need be: kubectl asks for the API's whole description first, which takes long on a machine that is busy. */
export async function apply(cluster: Cluster, path: string): Promise<void> {
  await untilPrints(cluster, ["apply", "--filename", path], /./);
}

async function waitForDrivers(cluster: Cluster): Promise<void> {
  const of = (kind: string, path: string) => ["get", kind, `--output=jsonpath={.items[*]${path}}`];
  await untilPrints(cluster, of("csinode", ".spec.drivers[*].name"), /^folders\.example\.com$/);
  await untilPrints(cluster, of("node", ".status.allocatable.example\\.com/port"), /^2$/);
  await untilPrints(cluster, of("resourceslices", ".spec.devices[*].name"), /^bright dark$/);
}

/** Each start of a user writes a line into the volume, which is on the data partition. */
async function waitForStarts({ machine }: Cluster, count: number): Promise<void> {
  await machine.until(`test "$(cat /var/lib/folders/*/users | wc -l)" -ge ${count}`, podLimit);
}

/** The ports and the lamps that the newest containers have. */
async function given({ machine }: Cluster): Promise<string[]> {
  const text = await machine.succeed("cat /var/lib/folders/*/users");
  const rows = text
    .trimEnd()
    .split("\n")
    .slice(-3)
    .map((line) => line.split(" "));
  expect(rows.map(([name]) => name).sort()).toEqual(["first-0", "second-0", "third-0"]);
  const ports = rows.map(([, port]) => port).filter((port) => port !== "none");
  const lamps = rows.map(([, , ...lamp]) => lamp.join(" ")).filter((lamp) => lamp !== "none 0");
  return [ports.sort().join(" "), lamps.sort().join(", ")];
}

async function askMesh(cluster: Cluster): Promise<void> {
  const ask = (container: string) => [
    ...["exec", "meshed", `--container=${container}`],
    ...["--", "wget", "-T", "5", "-qO-", "http://web"],
  ];
  await untilPrints(cluster, ask("proxy"), /nginx/);
  await untilPrints(cluster, ask("app"), /^by the sidecar$/m);
}
