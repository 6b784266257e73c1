/** How one run under faults ended. */
export interface FaultRun {
  readonly fault: string;
  readonly seed: number;
  /** Requests that met a fault. */
  struck: number;
  /** Whether the service never became what it should. */
  lost: boolean;
  /** Objects that should have gone and are there. */
  leftOver: number;
}

/** One row for each fault, as a table of Markdown. */
export function faultSummary(runs: readonly FaultRun[]): string {
  const sum = (of: readonly FaultRun[], count: (run: FaultRun) => number): number => of.reduce((total, run) => total + count(run), 0);
  const rows = [...new Set(runs.map(({ fault }) => fault))].map((fault) => {
    const of = runs.filter((run) => run.fault === fault);
    return `| ${fault} | ${rangesOf(of.map(({ seed }) => seed))} | ${of.length} | ${sum(of, (r) => r.struck)} | ${sum(of, (r) => Number(r.lost))} | ${sum(of, (r) => r.leftOver)} |`;
  });
  return ['| fault | seeds | runs | requests struck | lost | left over |', '| --- | --- | --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** `1-5, 8` */
function rangesOf(seeds: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const seed of [...seeds].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && seed <= last[1] + 1) last[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
