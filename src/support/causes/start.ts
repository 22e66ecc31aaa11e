// Why the engine doesn't start, or doesn't stay.
import type { Cause } from "./cause.ts";

const READY = /engine: ready in/;

export const startCauses: readonly Cause[] = [
  {
    name: "kernel-feature",
    says: "the kernel lacks something that Kubernetes needs",
    do: "start a kernel of a KubeSolo OS release; the line names the module or the option",
    signs: [
      {
        part: "system.log",
        line: /the kernel (?:has no|is \S+; kube-proxy needs)|there are no control groups|no cgroup controller|missing module:/,
        over: READY,
      },
    ],
  },
  {
    name: "little-memory",
    says: "the machine has too little memory",
    do: "give it 512 MB or more",
    signs: [{ part: "system.log", line: /there are \d+ MB of memory/ }],
  },
  {
    name: "port-taken",
    says: "another program has a port that the engine needs",
    do: "stop that program, or have it listen elsewhere",
    signs: [
      {
        part: "system.log",
        line: /port \d+, for .*, is taken by|cannot serve metrics: \S+ is taken/,
        over: READY,
      },
      { part: "system.log", line: /listened on port .*, which belongs to/ },
    ],
  },
  {
    name: "engine-settings",
    says: "the engine's configuration or its flags can't be understood",
    do: "mend config and flags below kubesolo in the node's configuration; `kubesolo-os config check` says what is wrong",
    signs: [
      { part: "engine.txt", line: /^64$/ },
      { part: "system.log", line: /engine: ended with exit code 64/, over: READY },
    ],
  },
  {
    name: "engine-panic",
    says: "a mistake in the engine ended it",
    do: "send crash.txt to the project; if an object caused it, the log names it: change or delete it",
    signs: [{ part: "system.log", line: /the last run ended by a panic|a mistake of the engine's, in/ }],
  },
  {
    name: "image-quarantined",
    says: "an image, an archive or a pod's start ended the engine, and is held for a while",
    do: "remove it, or push it anew; a newer image of the same name is tried at once",
    signs: [
      { part: "system.log", line: /may have ended the engine|it ended the engine/ },
      { part: "events.txt", line: /it ended the engine .* isn't tried again before/ },
    ],
  },
  {
    name: "certificates",
    says: "a certificate doesn't count at the time that the clock says",
    do: "set the clock; if it is right, renew the certificate that the line names (docs/access.md)",
    signs: [
      {
        part: "system.log",
        line: /the CA \S+ (?:ended at|is valid from)|certificate has expired or is not yet valid/,
        over: READY,
      },
      { part: "engine.txt", line: /certificate has expired|is not yet valid/ },
    ],
  },
  {
    name: "access-configuration",
    says: "something of kubesolo.access can't be used and is left out: certificates or tokens of people may not count",
    do: "mend kubesolo.access in the node's configuration",
    signs: [{ part: "status.txt", line: /^ {2}access +\S/ }],
  },
  {
    name: "setting-left-out",
    says: "a file of somebody's with settings can't be used and is left out: of the kubelet, of containerd or of the pods' network",
    do: "mend the file that the line names, or take it away (docs/engine-configuration.md)",
    signs: [{ part: "system.log", line: /(?:config\.d|conf\.d|net\.d) is left out: / }],
  },
  {
    name: "refused-by-webhook",
    says: "a webhook that nobody answers for, or a policy, refuses what the cluster itself needs",
    do: "let its pods start, or delete its configuration: kubectl delete validatingwebhookconfiguration NAME (or mutating…)",
    signs: [
      { part: "system.log", line: /failed calling webhook|denied the request/, over: /made .* after all/ },
      { part: "events.txt", line: /failed calling webhook/ },
      { part: "engine.txt", line: /failed calling webhook/ },
    ],
  },
];
