// Where an image of `build --faults` can be made to fail, for tests: `kubesolo.fault=POINT:EFFECT` on the kernel command line, or in a running
// system a line of /run/kubesolo-os/cmdline. Any other image has none of it. Pure; a test holds init's scripts to it.

/** What happens there. `enospc` and `eio`: as if the disk refused what comes next. */
export const faultEffects = ["kill", "panic", "poweroff", "hang", "enospc", "eio"] as const;

export type FaultEffect = (typeof faultEffects)[number];

/** Points of init, in the order in which a boot reaches them. */
export const initPoints = {
  initramfs: "the slot has been found and its root is mounted, but not entered",
  "00-early-mount": "before the stage",
  "10-parse-cmdline": "before the stage",
  "20-persistent-mount": "before the stage",
  "data-made": "the data partition has a file system, and not yet its name",
  "reset-begun": "of the state that a reset deletes, a part is gone",
  "reset-done": "all of it is gone, and the request isn't",
  "30-kernel-modules": "before the stage, which runs beside 20-persistent-mount",
  "40-sysctl": "before the stage",
  "50-network": "before the stage",
  "60-hostname": "before the stage",
  "70-clock": "before the stage",
  "80-containerd": "before the stage",
  "90-kubesolo": "before the stage",
} as const satisfies Readonly<Record<string, string>>;

/** Points of the agent, each before a change that it makes. */
export const agentPoints = {
  lock: "an update takes the lock",
  books: "what was done is written into the books",
  "slot-emptied": "the other slot gets a new file system",
  "slot-file": "the second file of a release is written",
  "slot-manifest": "release.json is written, the last file of a slot",
  "boot-state": "the first copy of the state of the boot is written",
  "boot-state-again": "the second copy is written",
  "data-named": "it is noted whose the cluster's state is",
  "data-copied": "a copy of the cluster's state is complete, and gets its name",
  "data-restored": "a part of the copy takes the place of what is there",
  "last-words": "what is left of a failed system is kept",
  "trial-ended": "a trial is over, and init is told",
  told: "Kubernetes has been told of an update",
  reboot: "the machine is restarted",
} as const satisfies Readonly<Record<string, string>>;

export type InitPoint = keyof typeof initPoints;
export type AgentPoint = keyof typeof agentPoints;

/** "books:kill"; undefined when it isn't the agent's, or none at all. */
export function parseAgentFault(
  text: string | undefined,
): { point: AgentPoint; effect: FaultEffect } | undefined {
  const [name = "", word = ""] = text?.split(":") ?? [];
  const point = Object.keys(agentPoints).find((each) => each === name) as AgentPoint | undefined;
  const effect = faultEffects.find((each) => each === word);
  return point === undefined || effect === undefined ? undefined : { point, effect };
}
