// A device as lsblk(8) tells of it: what it is, and what is on it. Pure.
import * as v from "valibot";

export interface Device {
  /** "/dev/sdb" */
  readonly path: string;
  /** "disk", "part", "loop", "rom", "crypt", "lvm", … */
  readonly type: string;
  readonly sizeBytes: number;
  readonly sectorBytes: number;
  readonly model?: string;
  readonly serial?: string;
  /** How it is connected: "usb", "sata", … */
  readonly transport?: string;
  readonly isReadOnly: boolean;
  /** Made to be taken out: a stick, a card. */
  readonly isRemovable: boolean;
  /** Where it is mounted; "[SWAP]" where it is swap. */
  readonly mounts: readonly string[];
  /** What is on it: a file system's type and label. */
  readonly holds?: string;
  readonly label?: string;
  /** The disk of a partition. */
  readonly parent?: string;
  /** Partitions, and what lies on top: volumes of LVM, of LUKS, of RAID. */
  readonly children: readonly Device[];
}

export const LSBLK_COLUMNS =
  "PATH,TYPE,SIZE,LOG-SEC,MODEL,SERIAL,TRAN,RO,RM,HOTPLUG,MOUNTPOINTS,FSTYPE,LABEL,PARTLABEL,PKNAME";

/** Some versions write flags as words, numbers as texts. */
const Flag = v.pipe(
  v.union([v.boolean(), v.string(), v.number()]),
  v.transform((value) => ["true", "1"].includes(String(value))),
);
const Count = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number());
const Text = v.pipe(
  v.optional(v.nullable(v.string()), null),
  v.transform((text) => text?.trim() || undefined),
);

const Row = v.object({
  path: v.string(),
  type: v.string(),
  size: Count,
  "log-sec": Count,
  model: Text,
  serial: Text,
  tran: Text,
  ro: Flag,
  rm: Flag,
  hotplug: Flag,
  mountpoints: v.array(v.nullable(v.string())),
  fstype: Text,
  label: Text,
  partlabel: Text,
  pkname: Text,
});
type RowWithChildren = v.InferOutput<typeof Row> & { readonly children?: RowWithChildren[] | undefined };
const Rows: v.GenericSchema<unknown, RowWithChildren> = v.object({
  ...Row.entries,
  children: v.optional(v.array(v.lazy(() => Rows))),
});
const Printed = v.pipe(v.string(), v.parseJson(), v.object({ blockdevices: v.array(Rows) }));

/** The device that was asked for, from what `lsblk --json --bytes` prints for it. */
export function parseDevice(printed: string): Device | undefined {
  const [row] = v.parse(Printed, printed).blockdevices;
  return row && toDevice(row);
}

function toDevice(row: RowWithChildren): Device {
  return {
    ...{ path: row.path, type: row.type, sizeBytes: row.size, sectorBytes: row["log-sec"] },
    ...(row.model !== undefined && { model: row.model }),
    ...(row.serial !== undefined && { serial: row.serial }),
    ...(row.tran !== undefined && { transport: row.tran }),
    isReadOnly: row.ro,
    isRemovable: row.rm || row.hotplug,
    mounts: row.mountpoints.filter((place) => place !== null),
    ...(row.fstype !== undefined && { holds: row.fstype }),
    ...labelOf(row),
    ...(row.pkname !== undefined && { parent: `/dev/${row.pkname.replace(/^\/dev\//, "")}` }),
    children: (row.children ?? []).map(toDevice),
  };
}

function labelOf({ label, partlabel }: RowWithChildren): { label?: string } {
  const text = label ?? partlabel;
  return text === undefined ? {} : { label: text };
}

/** What is on it, for who is asked whether it may go; a line a partition. */
export function describeDevice(device: Device): string {
  const facts = [device.model, device.serial, device.transport, inSize(device.sizeBytes)];
  const lines = descendants(device).map(
    ({ path, type, sizeBytes, holds, label }) =>
      `  ${path}  ${inSize(sizeBytes)}  ${[type === "part" ? undefined : type, holds, label && `"${label}"`].filter(Boolean).join(" ") || "nothing known"}`,
  );
  const own = device.holds === undefined ? [] : [`  ${device.holds} ${device.label ?? ""}`.trimEnd()];
  const content = [...own, ...lines];
  return [
    `${device.path}  ${facts.filter((fact) => fact !== undefined).join(", ")}`,
    ...(content.length === 0 ? ["  no partitions, no file system"] : content),
  ].join("\n");
}

/** Partitions, and all that lies on them. */
export function descendants({ children }: Device): Device[] {
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** For people: "28.7 GiB". Pure. */
export function inSize(bytes: number): string {
  const unit =
    bytes >= 2 ** 30 ? ({ name: "GiB", bytes: 2 ** 30 } as const) : { name: "MiB", bytes: 2 ** 20 };
  return `${(bytes / unit.bytes).toFixed(1).replace(/\.0$/, "")} ${unit.name}`;
}
