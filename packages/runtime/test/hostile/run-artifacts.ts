/**
 * The process that opens the artifacts. Node's permission model lets it read the fixtures and write one folder, where
 * nothing but the folders of MLflow is written; it prints a line before each artifact, so that who watches it knows at
 * which it died, and the summary at the end.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { formatOf } from '../../src/formats/registry';
import { loadModel } from '../../src/model/load-model';
import type { Model } from '../../src/model/model';
import type { ServableModel, TensorModel } from '../../src/model/tensor-model';
import { randomOf } from '../support/damage';
import { tableOf } from '../support/sklearn-families';
import type { Artifact, HostileSource } from './artifact';
import { type HostileReport, MAX_CPU_MS, type SourceReport } from './report';
import { SideEffectGuard } from './side-effects';
import { HOSTILE_SOURCES } from './sources';
import { MLFLOW_FIXTURES } from './sources/mlflow-folders';

/** Wider tables than this no request of a few bytes can ask for. */
const WIDEST = 1e5;

const { seed, total, scratch } = JSON.parse(process.argv[2] ?? '') as { seed: number; total: number; scratch: string };
const FOLDER = join(scratch, 'mlflow');

void main();

async function main(): Promise<void> {
  const shares = HOSTILE_SOURCES.reduce((sum, { share }) => sum + share, 0);
  const guard = new SideEffectGuard();
  const sources: SourceReport[] = [];
  for (const [number, source] of HOSTILE_SOURCES.entries()) {
    const report: SourceReport = { name: source.name, makes: source.makes, artifacts: 0, loaded: 0, refused: {}, slowestMs: 0, problems: [] };
    const count = Math.ceil((source.share * total) / shares);
    for (let index = 0; index < count; index++) {
      const artifact = source.make(randomOf(seed + number * 7919 + index * 104729), index);
      writeSync(1, `at ${source.name} #${index} ${artifact.label.slice(0, 100).replaceAll('\n', ' ')}\n`);
      if (source.folders) writeFolder(artifact);
      const before = process.cpuUsage();
      const { answer: outcome, attempts } = await guard.watch(() => outcomeOf(source, artifact));
      const { user, system } = process.cpuUsage(before);
      const milliseconds = (user + system) / 1000;
      if (source.folders) rmSync(FOLDER, { recursive: true });
      const problems = [...outcome.problems, ...attempts.map((what) => `it called ${what}`), ...(milliseconds > MAX_CPU_MS ? [`it took ${milliseconds} ms`] : [])];
      report.problems.push(...problems.map((problem) => `${source.name} #${index} (${artifact.label}): ${problem}`));
      report.artifacts += 1;
      report.slowestMs = Math.max(report.slowestMs, milliseconds);
      if (outcome.code === undefined) report.loaded += 1;
      else report.refused[outcome.code] = (report.refused[outcome.code] ?? 0) + 1;
    }
    sources.push(report);
  }
  const left = readdirSync(scratch);
  const result: HostileReport = { seed, sources, peakBytes: process.resourceUsage().maxRSS * 1024, left };
  writeSync(1, `done ${JSON.stringify(result)}\n`);
}

/** What became of an artifact: the code that refused it, none for a model, and everything that must not happen. */
async function outcomeOf(source: HostileSource, artifact: Artifact): Promise<{ code?: string; problems: string[] }> {
  const problems: string[] = [];
  try {
    const model = await (source.folders ? loadFolder() : loadFile(artifact));
    if (artifact.refused) problems.push('it loads');
    if (model) problems.push(...('kind' in model ? await askTensors(model) : ask(model, artifact)));
    return { problems };
  } catch (error) {
    const problem = problemOf(error, 'ISVC_MODEL_');
    if (problem !== undefined) return { code: 'untyped', problems: [problem] };
    const { code } = error as IsvcError;
    if (artifact.refused && !artifact.refused.includes(code)) problems.push(`it is refused as ${code}`);
    return { code, problems };
  }
}

/** ONNX graphs are checked and not given to ONNX Runtime, which is not part of the package. */
async function loadFile({ name, bytes }: Artifact): Promise<ServableModel | undefined> {
  const format = formatOf(name, bytes);
  try {
    await format.details?.(bytes, name);
  } catch (error) {
    if (!(error instanceof RangeError) && problemOf(error, 'ISVC_') !== undefined) throw error;
  }
  if (!format.check) return await format.parse(bytes, name);
  await format.check(bytes, name, join(scratch, name));
  return undefined;
}

/** A folder whose model is a graph is read up to the point where ONNX Runtime would be asked. */
async function loadFolder(): Promise<ServableModel | undefined> {
  try {
    return await loadModel(FOLDER);
  } catch (error) {
    if (error instanceof IsvcError && error.code === 'ISVC_SERVER_DEPENDENCY') return undefined;
    throw error;
  }
}

function writeFolder({ name, bytes }: Artifact): void {
  mkdirSync(FOLDER);
  for (const file of readdirSync(join(MLFLOW_FIXTURES, name))) copyFileSync(join(MLFLOW_FIXTURES, name, file), join(FOLDER, file));
  writeFileSync(join(FOLDER, 'MLmodel'), bytes);
}

function ask(model: Model, { rows }: Artifact): string[] {
  if (model.features > WIDEST) return [];
  const columns = Math.max(1, model.features);
  const input = rows ? tableOf(rows) : { rows: 3, columns, data: new Float64Array(3 * columns).fill(1.5).fill(Number.NaN, 0, columns) };
  return (model.methods ?? ['predict']).flatMap((method) => {
    try {
      const { shape } = model.predict(input, { method });
      return shape.includes(3) ? [] : [`${method} answers ${shape.join(' x ')} for 3 rows`];
    } catch (error) {
      return problemOf(error, 'ISVC_') ?? [];
    }
  });
}

/** One row of ones; documents of PMML run without anything that is not part of the package. */
async function askTensors(model: TensorModel): Promise<string[]> {
  const columns = Math.max(1, model.inputs.length);
  try {
    await model.infer([{ name: 'x', datatype: 'FP64', shape: [1, columns], data: new Float64Array(columns).fill(1) }], { headers: {} });
    return [];
  } catch (error) {
    return [problemOf(error, 'ISVC_') ?? []].flat();
  }
}

/** What is wrong with an error: everything but an IsvcError of these codes. */
function problemOf(error: unknown, prefix: string): string | undefined {
  if (error instanceof IsvcError && error.code.startsWith(prefix)) return undefined;
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 5).join(' | ') : String(error);
}
