import type { Matrix, Model } from '../../packages/runtime/src/model/model';
import { median } from './median';

const ROUNDS = 7;

type Table = readonly (readonly number[])[];

export function matrixOf(table: Table): Matrix {
  const columns = table[0]?.length ?? 0;
  const data = new Float64Array(table.length * columns);
  table.forEach((row, index) => data.set(row, index * columns));
  return { rows: table.length, columns, data };
}

/** Rows per second of the evaluator alone. */
export function rateOf(model: Model, input: Matrix): number {
  return rate(input.rows, () => model.predict(input));
}

/** The same with a matrix made of lists each time, as a library's is. */
export function listRateOf(model: Model, table: Table): number {
  return rate(table.length, () => model.predict(matrixOf(table)));
}

/** The median of a few rounds of at least a fifth of a second of the processor, which a busy machine does not change, after one that warms up. */
function rate(rows: number, predict: () => unknown): number {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const started = processorMicros();
    let calls = 0;
    while (processorMicros() - started < 200_000) {
      for (let repeat = 0; repeat < 10; repeat++) predict();
      calls += 10;
    }
    return (calls * rows * 1e6) / (processorMicros() - started);
  });
  return median(rounds.slice(1));
}

function processorMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
