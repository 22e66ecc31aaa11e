// For tests: a device with two slots and the state of its boot, in a folder. A slot is a folder that is "mounted" by a link, a
// disk's blocks are a file.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { sha256 } from "../../../src/lib/files.ts";
import { decideBoot } from "../../../src/release/boot-moves.ts";
import {
  BLOCK_BYTES,
  type BootState,
  formatBlock,
  isWritableBlock,
  newest,
  parseBlock,
  type Slot,
} from "../../../src/release/boot-state.ts";
import {
  formatReleaseManifest,
  type ReleaseManifest,
  slotFiles,
  slotSums,
} from "../../../src/release/release-manifest.ts";
import { sampleRelease } from "../../sample-release.ts";
import { makeSigner, type Signer } from "../../update-signer.ts";
import { type FolderHost, folderHost, makeDevice, type World } from "./folder-host.ts";

export const signer = makeSigner(7);
const offsets = { "state-1": 4096, "state-2": 16_384 } as const;
const partitions = { vda2: "KSOLOEFI", vda3: "KSOLOA", vda4: "KSOLOB", vda5: "KSOLODATA" } as const;
const slotFolders: Readonly<Record<Slot, string>> = { A: "/disks/vda3", B: "/disks/vda4" };

/** What a release is made of: small files with the names of the real ones. */
export function makeRelease(version: string, changed: Partial<ReleaseManifest> = {}, by: Signer = signer) {
  const contents: Record<string, string> = Object.fromEntries(
    slotFiles.map((name) => [name, `${name} of ${version}\n`.repeat(40)]),
  );
  const manifest = sampleRelease({
    version,
    sequence: Number(version.split(".")[1]) + 1,
    files: slotFiles.map((name) => ({
      name,
      size: contents[name]?.length ?? 0,
      sha256: sha256(contents[name] ?? ""),
    })),
    ...changed,
  });
  const text = formatReleaseManifest(manifest);
  const files = { "release.json": text, "release.json.minisig": by.sign(text), ...contents };
  return { manifest, files, slot: { ...files, sha256sums: slotSums(manifest) } };
}

/** A release as a bundle's bytes, by the host's tar. */
export function bundleOf(files: Readonly<Record<string, string>>): Buffer {
  const folder = makeDevice(files);
  try {
    return execFileSync("tar", ["--format=ustar", "-C", folder, "-c", ...Object.keys(files)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const card = "virtio:d00000001v00001AF4";

const installed: BootState = { generation: 1, activeSlot: "A", floor: 1, reason: "installed" };

/** A device that was installed with 1.0.0 in both slots. Returns its folder. */
export function makeUpdatableDevice(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const { slot } = makeRelease("1.0.0");
  const blocks = Buffer.alloc(32_768);
  for (const offset of Object.values(offsets)) blocks.set(formatBlock(installed), offset);
  const slots = Object.values(slotFolders).flatMap((folder) =>
    Object.entries(slot).map(([name, content]) => [`${folder}/${name}`, content] as const),
  );
  const keys = { number: 1, threshold: 1, root_keys: [signer.line], release_keys: [signer.line] };
  const root = makeDevice({
    "/run/kubesolo-os/boot-disk": "vda\n",
    "/usr/lib/kubesolo-os/update-keys.json": JSON.stringify(keys),
    "/dev/vda2": blocks,
    "/proc/self/stat": "42 (agent) S\n",
    "/sys/class/net/eth0/device/uevent": "DRIVER=virtio_net\n",
    "/sys/class/net/eth0/device/modalias": `${card}\n`,
    "/run/kubesolo-os/links/eth0": "10.0.2.15/24\n",
    ...Object.fromEntries(slots),
    ...Object.fromEntries(
      Object.entries(partitions).flatMap(([device, name]) => [
        [`/sys/class/block/${device}/uevent`, `DEVNAME=${device}\nPARTNAME=${name}\n`],
        [`/sys/class/block/${device}/size`, "1048576\n"],
      ]),
    ),
    ...files,
  });
  mkdirSync(join(root, "data"), { recursive: true });
  boot(root);
  return root;
}

const blocksOf = (root: string) =>
  Object.values(offsets).map(
    (offset) => new Uint8Array(readFileSync(join(root, "dev/vda2")).subarray(offset, offset + BLOCK_BYTES)),
  );

export function stateOf(root: string): BootState | undefined {
  return newest(blocksOf(root).map((block) => parseBlock(block)));
}

/** Whether GRUB would start it. */
export function verifies(root: string, slot: Slot): boolean {
  const folder = join(root, slotFolders[slot]);
  const sums = join(folder, "sha256sums");
  if (!existsSync(sums) || readFileSync(sums, "utf8") === "") return false;
  return readFileSync(sums, "utf8")
    .trim()
    .split("\n")
    .every((line) => {
      const [sum, name] = line.split("  ");
      if (name === undefined) return false;
      const path = join(folder, name);
      return existsSync(path) && sha256(readFileSync(path)) === sum;
    });
}

/**
 * Switches it on, as GRUB would: writes what the model says, and what it puts on the kernel command line. Returns the slot that
 * runs; undefined: rescue.
 */
export function boot(root: string): Slot | undefined {
  const blocks = blocksOf(root);
  const copies = blocks.map((block) => ({ state: parseBlock(block), isWritable: isWritableBlock(block) }));
  const [first, second] = copies;
  if (first === undefined || second === undefined) throw new Error("two copies");
  const before = newest(copies.map(({ state }) => state));
  const decision = decideBoot([first, second], { A: verifies(root, "A"), B: verifies(root, "B") });
  if (decision.write !== undefined) {
    const disk = readFileSync(join(root, "dev/vda2"));
    disk.set(formatBlock(decision.write.state), Object.values(offsets)[decision.write.copy] ?? 0);
    writeFileSync(join(root, "dev/vda2"), disk);
  }
  if (decision.slot === undefined) return undefined;
  const { version } = JSON.parse(
    readFileSync(join(root, slotFolders[decision.slot], "release.json"), "utf8"),
  ) as ReleaseManifest;
  const isOnTrial = before?.trial !== undefined && before.trial > 0 && before.activeSlot === decision.slot;
  const words = [
    `kubesolo.slot=${decision.slot}`,
    ...(before === undefined ? [] : [`kubesolo.generation=${before.generation}`]),
    ...(isOnTrial ? ["kubesolo.trial"] : []),
    ...(decision.reason === undefined ? [] : [`kubesolo.reason=${decision.reason}`]),
  ];
  for (const name of ["trial-ended", "trial-failed", "update.lock", "update-slot", "boot-partition"])
    rmSync(join(root, "run/kubesolo-os", name), { recursive: true, force: true });
  writeFileSync(join(root, "run/kubesolo-os/cmdline"), `${words.join("\n")}\n`);
  mkdirSync(join(root, "etc"), { recursive: true });
  const release = `VERSION_ID="${version}"\nVARIANT_ID="vm"\nKUBERNETES_VERSION="v1.37.2"\n`;
  writeFileSync(join(root, "etc/os-release"), release);
  return decision.slot;
}

/** What `kubesolo status --json` says. */
export function tellUnits(isReady: boolean, name = "kubelet") {
  const units = [
    { name: "kine", state: "ready" },
    isReady ? { name, state: "ready" } : { name, state: "failing", reason: "not ready" },
  ];
  const answer = { ready: isReady, summary: isReady ? "ready" : "not ready any more", units };
  return { exitCode: isReady ? 0 : 1, stdout: JSON.stringify(answer) };
}

/** `isHealthy`: what `kubesolo status` says, time after time; `failing`: programs that do. */
export function updatableHost(
  root: string,
  world: World = {},
  isHealthy: () => boolean = () => true,
  failing: readonly string[] = [],
): FolderHost {
  return folderHost(root, {
    ...world,
    run: (args, device, input) => {
      const [program, ...rest] = args;
      const last = rest.at(-1) ?? "";
      if (failing.includes(program ?? "")) return { exitCode: 1 };
      const answer = world.run?.(args, device, input);
      if (answer !== undefined) return answer;
      if (program === "uname") return { stdout: "x86_64\n" };
      if (program === "mount") {
        rmdirSync(device(last));
        symlinkSync(device(`/disks/${basename(rest.at(-2) ?? "")}`), device(last));
        if (last.includes("/boot-partition/")) mkdirSync(device("/disks/vda2"), { recursive: true });
      }
      if (program === "umount") {
        unlinkSync(device(last));
        mkdirSync(device(last));
      }
      if (program === "/usr/sbin/mke2fs") {
        const folder = device(`/disks/${basename(last)}`);
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
      }
      if (program === "filefrag") {
        const first = offsets[last.includes("state-1") ? "state-1" : "state-2"] / 512;
        return {
          stdout: ` ext:  logical_offset: physical_offset: length: flags:\n   0:  0..  1:  ${first}..  ${first + 1}:  2: last,eof\n`,
        };
      }
      if (program === "tail") {
        const files = rest.filter((each) => each.startsWith("/")).map(device);
        return { stdout: files.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : "")).join("") };
      }
      if (program === "test") return { exitCode: existsSync(device(last)) ? 0 : 1 };
      if (program === "kubesolo" && rest[0] === "status") return tellUnits(isHealthy());
      return undefined;
    },
  });
}
