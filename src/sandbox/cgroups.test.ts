import { expect, test } from "vitest";
import { parseHierarchies } from "./cgroups.ts";

const line = (point: string, type: string, options: string) =>
  `29 24 0:26 / ${point} rw,relatime shared:9 - ${type} cgroup ${options}\n`;

test.each([
  ["none", "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n", []],
  [
    "unified",
    line("/sys/fs/cgroup", "cgroup2", "rw,nsdelegate"),
    [{ path: "/sys/fs/cgroup", isUnified: true }],
  ],
  [
    "hybrid",
    line("/sys/fs/cgroup/memory", "cgroup", "rw,memory") + line("/sys/fs/cgroup/unified", "cgroup2", "rw"),
    [
      { path: "/sys/fs/cgroup/memory", isUnified: false },
      { path: "/sys/fs/cgroup/unified", isUnified: false },
    ],
  ],
  [
    "a mount without optional fields",
    "1 2 0:3 / /c rw - cgroup x rw,cpu\n",
    [{ path: "/c", isUnified: false }],
  ],
])("hierarchies: %s", (_, mountinfo, expected) => {
  expect(parseHierarchies(mountinfo)).toEqual(expected);
});
