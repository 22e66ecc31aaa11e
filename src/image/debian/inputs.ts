// The Debian packages that go into the image or build it: what is asked for, and where. lock.ts has what that led to. Pure.
import * as v from "valibot";

/** Debian's and Go's name. */
const Architecture = v.picklist(["amd64", "arm64"]);

const Inputs = v.strictObject({
  /** Code name of the release, e.g. "trixie". */
  suite: v.string(),
  architecture: Architecture,
  /** Seconds since 1970: the time stamp of every file made; moves with the lock. */
  epoch: v.pipe(v.number(), v.integer()),
  /**
   * Taken as installed when dependencies are resolved, but in a group that names them: only maintainer scripts, which
   * never run here, need them.
   */
  assumed: v.array(v.string()),
  /** What is unpacked together, by name. */
  groups: v.strictObject({
    kernel: v.array(v.string()),
    "kernel-hardware": v.array(v.string()),
    rootfs: v.array(v.string()),
    /** The SSH server of an image for development. */
    ssh: v.array(v.string()),
    /** What mounts NFS, of an image of `build --with nfs`. */
    nfs: v.array(v.string()),
    /** An NFS server that runs on this host beside a machine. */
    "nfs-server": v.array(v.string()),
    tools: v.array(v.string()),
    nginx: v.array(v.string()),
    /** What the benchmark's peer keeps its state in. */
    etcd: v.array(v.string()),
    /** A small Debian with systemd, whose boot is measured beside ours. */
    systemd: v.array(v.string()),
    /** What the benchmark holds the node's configuration against. */
    "cloud-init": v.array(v.string()),
    conformance: v.array(v.string()),
    /** What releases are signed with, on a workstation. */
    signing: v.array(v.string()),
    /** One that we didn't build: what people have on their workstations. */
    kubectl: v.array(v.string()),
    registry: v.array(v.string()),
    /** What service meshes redirect a pod's connections with. */
    mesh: v.array(v.string()),
    /** An NTP server that runs on this host beside a machine. */
    "time-server": v.array(v.string()),
    /** The QEMU that machines run in, with its firmware. */
    machine: v.array(v.string()),
    /** C libraries and headers for what is compiled, so that the host's own don't matter. */
    "sysroot-amd64": v.array(v.string()),
    "sysroot-arm64": v.array(v.string()),
  }),
});

export type Architecture = v.InferOutput<typeof Architecture>;
export type DebianInputs = v.InferOutput<typeof Inputs>;
export type GroupName = keyof DebianInputs["groups"];

export function parseInputs(json: string): DebianInputs {
  return v.parse(Inputs, JSON.parse(json));
}

/** The apt sources of `suite` on the mirror that the host uses, from `apt-get indextargets` lines. */
export function planSources(indexTargets: string, suite: string): string[] {
  const signedBy = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  const lines = indexTargets.split("\n").map((line) => line.split(" "));
  const sources = lines.flatMap(([uri = "", release = "", component = ""]) => {
    const match = /^(?:bookworm|trixie|forky|sid)(-updates|-security)?$/.exec(release);
    if (match === null || component !== "main") return [];
    return [`deb ${signedBy} ${uri} ${suite}${match[1] ?? ""} main`];
  });
  return [...new Set(sources)].sort();
}
