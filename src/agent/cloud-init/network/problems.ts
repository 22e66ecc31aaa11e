// What is wrong with a network configuration, as data: whoever knows the file turns paths into lines.

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
  /** With an error nothing of the configuration is used. */
  readonly severity: "error" | "warning";
}

/** A value with the place where it was written. */
export interface Placed<T> {
  readonly value: T;
  readonly path: Path;
}

export function error(path: Path, message: string, hint?: string): Problem {
  return { path, message, severity: "error", ...(hint === undefined ? {} : { hint }) };
}

export function warning(path: Path, message: string, hint?: string): Problem {
  return { path, message, severity: "warning", ...(hint === undefined ? {} : { hint }) };
}

/** "did you mean …", if one of the names is at most two typing errors away. */
export function nearestHint(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((each) => ({ each, distance: editDistance(plain(name), plain(each)) }))
    .filter(({ each, distance }) => distance <= Math.min(2, each.length - 1))
    .sort((a, b) => a.distance - b.distance)[0];
  return near === undefined ? undefined : `did you mean "${near.each}"?`;
}

/** Upper case and the kind of stroke are the commonest mistakes. */
function plain(name: string): string {
  return name.toLowerCase().replace(/_/g, "-");
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
