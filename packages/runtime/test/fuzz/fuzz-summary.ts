import { type MeasuredReport, mib } from './fuzz-all';

/** A table in Markdown as docs/reference/hostile-input.md shows it, and how to see each problem again. */
export function summaryOf(reports: readonly MeasuredReport[], seed: number): string {
  const count = (report: MeasuredReport, ...kinds: readonly string[]): number => report.problems.filter(({ kind }) => kinds.includes(kind)).length;
  const rows = reports.map((report) => [
    report.protocol, report.seeds, report.cases, answersOf(report), report.kept, count(report, 'answer', 'fault'), count(report, 'crash'), count(report, 'hang'), memoryOf(report), Math.ceil(report.worstDelayMs),
  ]);
  const sum = (of: (report: MeasuredReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  return [
    '| protocol | seeds | cases | answers | connection kept | wrong | crashes | hangs | resident MiB | longest pause, ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `${sum(({ cases }) => cases)} cases of seed ${seed} in ${Math.round(sum(({ seconds }) => seconds))} s: ${sum(({ problems }) => problems.length)} problems.`,
    ...reports.flatMap(({ protocol, problems }) => problems.map(({ kind, number, text }) => `${protocol}, ${kind}: ${text}\n    npm run fuzz -- --only ${protocol} --seed ${seed} --case ${number}`)),
  ].join('\n');
}

/** The most frequent first. */
function answersOf({ answers }: MeasuredReport): string {
  return Object.entries(answers).sort(([, a], [, b]) => b - a).map(([answer, times]) => `${answer}: ${times}`).join(', ');
}

function memoryOf({ memory }: MeasuredReport): string {
  return memory ? `${mib(memory.before.rssBytes)} → ${mib(memory.after.rssBytes)}` : '-';
}
