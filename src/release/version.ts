// Versions of releases: semver.org 2.0.0. Pure.

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Negative when the first is older, by semver's precedence (11); 0 also for two that differ only behind a "+". */
export function compareVersions(first: string, second: string): number {
  const [one, other] = [VERSION.exec(first), VERSION.exec(second)];
  if (one === null || other === null) throw new Error(`no versions: "${first}", "${second}"`);
  for (const part of [1, 2, 3]) {
    const difference = Number(one[part]) - Number(other[part]);
    if (difference !== 0) return difference;
  }
  return compareEarly(one[4], other[4]);
}

/** What stands behind a "-" makes a version older than the one without. */
function compareEarly(first: string | undefined, second: string | undefined): number {
  if (first === undefined || second === undefined)
    return Number(first === undefined) - Number(second === undefined);
  const [one, other] = [first.split("."), second.split(".")];
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const difference = compareIdentifiers(one[index] ?? "", other[index] ?? "");
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function compareIdentifiers(first: string, second: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(first), /^\d+$/.test(second)];
  if (isNumber && isOtherNumber) return Number(first) - Number(second);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return first < second ? -1 : Number(first > second);
}
