/**
 * Opens hostile model files as the tests do and prints the table of docs/reference/model-formats.md.
 *
 *     npx tsx scripts/hostile-summary.ts [artifacts] [seed]
 */
import { tableOfReport } from '../packages/runtime/test/hostile/report';
import { runHostile } from '../packages/runtime/test/hostile/run-hostile';

async function main(): Promise<void> {
  const report = await runHostile({ total: Number(process.argv[2] ?? 12_000), seed: Number(process.argv[3] ?? 20261121) });
  const problems = report.sources.flatMap((source) => source.problems);
  process.stdout.write(`${[tableOfReport(report), ...problems].join('\n')}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

void main();
