// What runs on the node.
import type { Cause } from "./cause.ts";

export const workloadCauses: readonly Cause[] = [
  {
    name: "out-of-memory",
    says: "a program was ended because there was no memory left: the machine's, or that of a pod's limit",
    do: "raise the pod's limit (Memory cgroup), or run less on this machine, or add memory",
    signs: [
      { part: "kernel.log", line: /[Oo]ut of memory: Killed process|oom-kill:/ },
      { part: "nodes.txt", line: /^\s+MemoryPressure\s+True/ },
      { part: "objects.txt", line: /OOMKilled/ },
    ],
  },
  {
    name: "host-port-conflict",
    says: "a pod wants a port of the node that another one, or the engine, has",
    do: "give it another hostPort, or none",
    signs: [{ part: "events.txt", line: /didn't have free ports|port \d+\/\w+ .*belongs to/ }],
  },
  {
    name: "does-not-fit",
    says: "a pod asks for more than the node has left",
    do: "lower its requests, or run less",
    signs: [{ part: "events.txt", line: /Insufficient (?:cpu|memory|ephemeral-storage)|Too many pods/ }],
  },
  {
    name: "image-damaged",
    says: "an image can't be unpacked: it is damaged, or was made for another kind of machine",
    do: "make or push it anew: `docker save` or skopeo for archives",
    signs: [
      {
        part: "system.log",
        line: /the archive is (?:cut off|damaged)|no tar archive, or a damaged one|failed to extract layer|unexpected commit digest/,
      },
      {
        part: "events.txt",
        line: /failed to extract layer|unexpected commit digest|no match for platform|exec format error/,
      },
    ],
  },
  {
    name: "image-not-pulled",
    says: "an image can't be pulled",
    do: "the line says why: a name that nobody knows (DNS), credentials, a certificate, the registry is away. Offline, put it into kubesolo.images",
    signs: [{ part: "events.txt", line: /Failed to pull image|ErrImagePull|ImagePullBackOff/ }],
  },
  {
    name: "volume-not-made",
    says: "a claim gets no volume",
    do: "the event says why: docs/storage.md",
    signs: [{ part: "events.txt", line: /ProvisioningFailed|FailedMount/ }],
  },
  {
    name: "volumes-larger-than-disk",
    says: "volumes promise more than the disk has: it will be full before they are",
    do: "ask for less in claims, delete volumes that aren't needed, or use a larger disk",
    signs: [{ part: "nodes.txt", line: /^\s+VolumesLargerThanDisk\s+True/ }],
  },
  {
    name: "rules-changed",
    says: "somebody changes the kernel's packet rules that Services and policies depend on",
    do: "find out what flushes them, such as a firewall in a pod, and remove it",
    signs: [{ part: "system.log", line: /somebody has changed the nftables rules/ }],
  },
  {
    name: "crashing-pod",
    says: "a pod's program ends again and again",
    do: "kubectl logs --previous says why",
    signs: [
      { part: "events.txt", line: /Back-off restarting failed container/ },
      { part: "objects.txt", line: /CrashLoopBackOff/ },
    ],
  },
];
