/** CPU time that opening and asking one artifact may take; genuine models of this size take a few milliseconds. */
export const MAX_CPU_MS = 5000;

/** Memory that the process may have taken at any time, all artifacts together. */
export const MAX_PEAK_BYTES = 1024 * 1024 * 1024;

/** What became of the artifacts of one source. */
export interface SourceReport {
  readonly name: string;
  readonly makes: string;
  artifacts: number;
  loaded: number;
  /** Number of artifacts by error code. */
  readonly refused: Record<string, number>;
  slowestMs: number;
  /** Everything that must not happen. */
  readonly problems: string[];
}

export interface HostileReport {
  readonly seed: number;
  readonly sources: readonly SourceReport[];
  readonly peakBytes: number;
  /** Files left in the one folder that could be written. */
  readonly left: readonly string[];
}

/** A table in Markdown, as docs/reference/model-formats.md shows it. */
export function tableOfReport({ seed, sources, peakBytes }: HostileReport): string {
  const count = (source: SourceReport, code: string): number => source.refused[`ISVC_MODEL_${code}`] ?? 0;
  const rows = sources.map((source) =>
    `| ${source.name} | ${source.makes} | ${source.artifacts} | ${count(source, 'CORRUPT')} | ${count(source, 'FORBIDDEN')} | ${count(source, 'UNSUPPORTED') + count(source, 'NOT_FOUND')} | ${source.loaded} | ${Math.ceil(source.slowestMs)} |`);
  const artifacts = sources.reduce((sum, source) => sum + source.artifacts, 0);
  const problems = sources.reduce((sum, source) => sum + source.problems.length, 0);
  return [
    '| source | what it makes | artifacts | corrupt | forbidden | unsupported or missing | loaded and asked | slowest, ms of CPU |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `${artifacts} artifacts of seed ${seed}: ${problems} problems, at most ${Math.ceil(peakBytes / 2 ** 20)} MiB of memory.`,
  ].join('\n');
}
