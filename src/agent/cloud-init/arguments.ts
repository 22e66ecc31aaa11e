// Numbers and truths among the arguments of a command are what Python's str() makes of them, as in cloud-init: 1.0 stays
// 1.0, 0644 is 420. Pure.
import type { Located, LocatedEntry } from "./located.ts";

export function withArguments(root: Located): Located {
  if (root.kind !== "mapping") return root;
  const entries = ["bootcmd", "runcmd"].flatMap((key): [string, LocatedEntry][] => {
    const entry = root.entries.get(key);
    if (entry?.value.kind !== "list") return [];
    const items = entry.value.items.map((item) =>
      item.kind === "list" ? { ...item, items: item.items.map(asText) } : item,
    );
    return [[key, { ...entry, value: { ...entry.value, items } }]];
  });
  return entries.length === 0 ? root : { ...root, entries: new Map([...root.entries, ...entries]) };
}

/** `source` stays: where it differs, someone may have meant something else. */
function asText(item: Located): Located {
  if (item.kind !== "scalar") return item;
  const { value, source } = item;
  if (typeof value === "boolean") return { ...item, value: value ? "True" : "False" };
  return typeof value === "number" ? { ...item, value: pythonText(value, source) } : item;
}

/** A fraction has a point, whatever it is worth; a whole number has all of its digits. */
function pythonText(value: number, source: string): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (!/\./.test(source)) {
    const isDecimal = /^[-+]?[1-9][0-9_]*$/.test(source);
    return isDecimal ? source.replace(/[+_]/g, "") : String(value);
  }
  const [digits = "", exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    const sign = power < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  if (Object.is(value, -0)) return "-0.0";
  const plain = power < 0 ? value.toFixed(digits.replace(/[-.]/g, "").length - 1 - power) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}
