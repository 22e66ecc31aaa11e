// The right name for a wrong one. Pure.

/** The known word that is spelled most like it, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const plain = simplified(word);
  let best: string | undefined;
  let least = Math.floor(plain.length / 3) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - plain.length) > least + 3) continue;
    const distance = editDistance(plain, simplified(candidate));
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

/** As a hint, when there is one. */
export function nearestHint(word: string, known: readonly string[]): string | undefined {
  const best = nearest(word, known);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

/** nodeName, node-name and node_name are one. */
function simplified(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, "");
}

/** Damerau's and Levenshtein's: how many letters to insert, delete, replace or swap with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const cheapest = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (isSame ? 0 : 1));
      next.push(isSwapped ? Math.min(cheapest, at(before, j - 2) + 1) : cheapest);
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
