// Pure: which of Kubernetes' own tests are run, and in which parts.
import { allImages, type TestImage } from "./image-names.ts";

export interface Suite {
  /** Heading of its result in docs/conformance.md. */
  readonly title: string;
  /** Ginkgo's label filter. */
  readonly labels: string;
  /** A spec that finds itself that it can't run here counts as one that didn't pass. */
  readonly isStrict: boolean;
  readonly omissions: readonly Omission[];
  /** The tests' images that its specs need. */
  readonly images: readonly TestImage[];
  /** The node has a storage driver, whose specs these are. */
  readonly hasDriver?: boolean;
}

/** Specs that aren't run at all, by what is in their names. */
export interface Omission {
  /** A regular expression of Go's. */
  readonly pattern: string;
  readonly reason: string;
}

/** What one node that others can't disturb can run in finite time: upstream's own labels. */
const UNDISTURBED = "!Serial && !Slow && !Disruptive && !Flaky";
export const CONFORMANCE = "Conformance && !Serial && !Slow && !Disruptive";

/** All of a group's that aren't conformance tests, and need nothing that is off, or missing, in an ordinary cluster. */
const othersOf = (group: string) => `${group} && !Conformance && Feature: isEmpty && ${UNDISTURBED}`;

/** That of src/kit/drivers. */
const DRIVER = "folders.example.com";

const ordinary: readonly TestImage[] = ["agnhost", "busybox", "nginx", "pause"];

const suites = {
  conformance: {
    title: "Conformance",
    labels: CONFORMANCE,
    isStrict: true,
    omissions: [],
    images: allImages,
  },
  "network-policy": {
    title: "NetworkPolicy",
    labels: `Feature: containsAny NetworkPolicy && ${UNDISTURBED}`,
    isStrict: true,
    omissions: [
      {
        pattern: "\\[Feature:SCTPConnectivity\\]",
        reason: "they need SCTP of the kernel, and a sandbox's is the host's",
      },
    ],
    images: ["agnhost", "pause"],
  },
  network: {
    title: "sig-network",
    labels: othersOf("sig-network"),
    isStrict: false,
    omissions: [],
    images: [...ordinary, "glibc-dns-testing", "regression-issue-74839"],
  },
  storage: {
    title: "sig-storage",
    labels: othersOf("sig-storage"),
    isStrict: false,
    omissions: [
      {
        pattern: "CSI Volumes|CSI Mock|MutableCSINodeAllocatableCount|Volume metrics",
        reason: "they install drivers whose modules can't be fetched here: `csi` has ours",
      },
      {
        pattern: "\\[Driver: (nfs3?|iscsi)\\]|PersistentVolumes NFS",
        reason: "their server is an image that isn't ours, and a kernel's server besides",
      },
    ],
    images: ordinary,
  },
  csi: {
    title: "sig-storage, of a CSI driver",
    labels: `Driver: containsAny ${DRIVER} && Feature: isEmpty && ${UNDISTURBED}`,
    isStrict: false,
    omissions: [],
    images: ordinary,
    hasDriver: true,
  },
  apps: { title: "sig-apps", labels: othersOf("sig-apps"), isStrict: false, omissions: [], images: ordinary },
  auth: { title: "sig-auth", labels: othersOf("sig-auth"), isStrict: false, omissions: [], images: ordinary },
} satisfies Record<string, Suite>;

export type SuiteName = keyof typeof suites;

export const suiteNames = Object.keys(suites) as SuiteName[]; // the object has no others

export function findSuite(name: SuiteName): Suite {
  return suites[name];
}
