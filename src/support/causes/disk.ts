// The disk, and what lies on it.
import type { Cause } from "./cause.ts";

export const diskCauses: readonly Cause[] = [
  {
    name: "disk-errors",
    says: "the disk fails: the kernel can't read or write parts of it",
    do: "replace the disk; what can still be read of /var/lib/kubesolo is worth a copy first",
    signs: [
      {
        part: "kernel.log",
        line: /(?:I\/O error|critical (?:medium|target) error), (?:dev|logical)|Buffer I\/O error on dev/,
      },
      {
        part: "kernel.log",
        line: /blk_update_request: |nvme\S*: .*(?:timeout|controller is down)|mmc\d: .*(?:error -|timeout)/i,
      },
      { part: "system.log", line: /the disk of .* gives trouble/, over: /takes writes again/ },
    ],
  },
  {
    name: "file-system-errors",
    says: "a file system has errors: the power went while the disk was lying about what it had written, or the disk fails",
    do: "restart, which checks and mends it; if it comes again, replace the disk",
    signs: [
      { part: "disks.txt", line: /^file system on \S+: [1-9]\d* errors/ },
      { part: "kernel.log", line: /EXT4-fs error|Remounting filesystem read-only/ },
      {
        part: "system.log",
        line: /holds an ext4 that only a person can mend|cannot mount the data partition/,
      },
    ],
  },
  {
    name: "disk-full",
    says: "the data partition is full",
    do: "make room: delete images, volumes or pods that aren't needed; data-folders.txt says what takes it",
    signs: [
      { part: "disks.txt", line: /\s(?:9[5-9]|100)%\s+\/data$/ },
      {
        part: "system.log",
        line: /the disk of .* (?:is full|can't hold more files)|the data partition \S+ is full|no space left on device/i,
        over: /takes writes again/,
      },
      { part: "engine.txt", line: /is full: free some room/ },
      { part: "nodes.txt", line: /^\s+DiskPressure\s+True/ },
    ],
  },
  {
    name: "disk-worn",
    says: "the flash memory is nearly used up",
    do: "replace the disk soon, before it takes no more writes",
    signs: [
      { part: "disks.txt", line: /^disk \S+: .*life used: .*(?:90|100|110)%/ },
      { part: "disks.txt", line: /^disk \S+: .*reserve [23] of 3/ },
    ],
  },
  {
    name: "database-damaged",
    says: "the cluster's database is damaged; nothing was changed",
    do: 'docs/engine-failures.md, "The database": restore a backup, or start once with --db-wal-repair',
    signs: [
      {
        part: "system.log",
        line: /the database \S+ is (?:damaged|empty)|is no SQLite database/,
        over: /engine: ready in/,
      },
    ],
  },
  {
    name: "root-damaged",
    says: "the system itself is damaged on the disk: what was read isn't what was released",
    do: "apply a release, which writes the other slot anew; if it comes again, replace the disk",
    signs: [
      { part: "kernel.log", line: /device-mapper: verity: .* is corrupted/ },
      { part: "system.log", line: /the root of slot [AB] is damaged|wrong root hash/ },
      { part: "versions.txt", line: /kubesolo\.reason=slot-damaged/ },
    ],
  },
  {
    name: "no-data-partition",
    says: "there is no data partition: everything is lost at the next reboot",
    do: "install onto a disk (docs/installing.md), or name the partition with kubesolo.data=",
    signs: [
      { part: "system.log", line: /NO DATA PARTITION|no data partition: /i },
      { part: "status.txt", line: /^ {2}data +in memory/ },
    ],
  },
  {
    name: "foreign-data-partition",
    says: "the data partition holds something else than a file system of ours, and stays as it is",
    do: "look at what is on it; to lose it, wipe the partition's beginning, and the next boot makes it anew",
    signs: [
      {
        part: "system.log",
        line: /the data partition \S+ holds .*(?:not ext4|no file system|several kinds)/,
      },
    ],
  },
];
