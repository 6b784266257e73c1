/**
 * The candidates that a misspelt name most likely meant, nearest first, at most three.
 * A name that differs in case alone is the only answer; otherwise about one edit per three characters is allowed.
 * Candidates much further away than the nearest are not named.
 */
export function suggest(name: string, candidates: Iterable<string>): readonly string[] {
  const lower = name.toLowerCase();
  const tolerance = Math.max(1, Math.floor(name.length / 3));
  const near: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (Math.abs(candidate.length - name.length) > tolerance) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    // A name of one or two letters is an edit away from everything of its length.
    if (distance <= tolerance && distance < name.length) near.push({ candidate, distance });
  }
  const best = Math.min(...near.map((n) => n.distance));
  return near
    .filter((n) => n.distance <= (best === 0 ? 0 : best + 1))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map((n) => n.candidate);
}

/** `did you mean "a" or "b"`, or undefined when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = suggest(name, candidates).map((candidate) => JSON.stringify(candidate));
  if (near.length === 0) return undefined;
  const last = near[near.length - 1];
  return `did you mean ${near.length === 1 ? last : `${near.slice(0, -1).join(', ')} or ${last}`}`;
}

/**
 * Damerau-Levenshtein distance in its optimal string alignment form: insertions, deletions, replacements and swaps
 * of neighbours count one each.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
