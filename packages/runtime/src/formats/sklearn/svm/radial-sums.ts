import { MAX_BYTES, WasmProgram } from '../../web-assembly/program';
import { RAISE_TABLE_BYTES, writeRaiseTable } from '../numeric/raise-in-lanes';
import type { KernelSum } from './kernel';
import type { RadialKernel } from './radial-kernel';
import { GROUP_BYTES, type RadialProgram, radialProgramBytes, ROWS, RUN_WORDS } from './radial-program';

let program: { readonly compiled: WasmProgram | undefined } | undefined;

/** Addresses in bytes of what lies in the memory behind the table of `raise`. */
interface Layout {
  readonly minusGamma: number;
  readonly inRange: number;
  readonly rows: number;
  readonly similarities: number;
  readonly sums: number;
  readonly runs: number;
  readonly vectors: number;
  readonly coefficients: number;
  readonly bytes: number;
}

/**
 * Sums of a radial kernel for `ROWS` rows at once, by a WebAssembly program that knows no model: vectors and coefficients are data in
 * its memory. Each row's numbers are added in the order of `KernelSums`, so that sums are the same to the last bit.
 */
export class RadialSums {
  /** The sums it was made of; their coefficients lie in its memory. */
  readonly sums: readonly KernelSum[];
  private readonly program: RadialProgram;
  private readonly layout: Layout;
  private readonly features: number;
  private readonly similaritiesEnd: number;
  private readonly runsEnd: number;
  private readonly numbers: Float64Array;
  private readonly words: Int32Array;

  private constructor(kernel: RadialKernel, sums: readonly KernelSum[], layout: Layout, running: RadialProgram, memory: ArrayBuffer) {
    this.program = running;
    this.layout = layout;
    this.features = kernel.features;
    // Not of the zeros that fill up the last four vectors.
    this.similaritiesEnd = layout.similarities + kernel.count * GROUP_BYTES;
    this.numbers = new Float64Array(memory);
    this.words = new Int32Array(memory);
    writeRaiseTable(memory);
    this.numbers[layout.minusGamma / 8] = kernel.minusGamma;
    kernel.moveTo(new Float64Array(memory, layout.vectors, kernel.size));
    let coefficientsAt = layout.coefficients;
    let run = layout.runs / 4;
    this.sums = sums.map(({ runs, intercept }, index) => ({
      intercept,
      runs: runs.map(({ first, coefficients }) => {
        const placed = new Float64Array(memory, coefficientsAt, coefficients.length);
        placed.set(coefficients);
        const end = coefficientsAt + coefficients.byteLength;
        if (coefficients.length > 0) {
          this.words.set([coefficientsAt, end, layout.similarities + first * GROUP_BYTES, layout.sums + index * GROUP_BYTES], run);
          run += RUN_WORDS;
        }
        coefficientsAt = end;
        return { first, coefficients: placed };
      }),
    }));
    this.runsEnd = run * 4;
  }

  /** @returns `undefined` where there is no WebAssembly, not the memory, or a model that it is not made for. */
  static of(kernel: RadialKernel, sums: readonly KernelSum[]): RadialSums | undefined {
    const layout = layoutOf(kernel, sums);
    // What is raised has to be at most zero.
    if (kernel.count === 0 || !(kernel.minusGamma <= 0) || layout.bytes > MAX_BYTES) return undefined;
    program ??= { compiled: WasmProgram.of(radialProgramBytes()) };
    const running = program.compiled?.over(layout.bytes);
    return running && new RadialSums(kernel, sums, layout, running.exports as RadialProgram, running.buffer);
  }

  /**
   * Computes the sums of `ROWS` rows.
   *
   * @param data the rows are the numbers from `start` on.
   * @returns whether they are exact; they are not where a row is so far from a vector that its similarity loses bits.
   */
  sum(data: Float64Array, start: number): boolean {
    const { program: { compare, raise, addRuns }, numbers, words, features, layout: { minusGamma, inRange, rows, similarities, sums, runs, vectors, coefficients } } = this;
    for (let row = 0, from = start; row < ROWS; row++) {
      for (let feature = 0; feature < features; feature++) numbers[rows / 8 + feature * ROWS + row] = data[from++] as number;
    }
    compare(rows, rows + features * GROUP_BYTES, vectors, coefficients, minusGamma, similarities);
    raise(similarities, this.similaritiesEnd, inRange);
    for (let word = inRange / 4; word < inRange / 4 + 4; word++) if (words[word] !== -1) return false;
    numbers.fill(0, sums / 8, runs / 8);
    if (this.runsEnd > runs) addRuns(runs, this.runsEnd);
    return true;
  }

  /** Copies the sums of one of the rows, with their intercepts, to `out`. */
  read(row: number, out: Float64Array): void {
    const from = this.layout.sums / 8 + row;
    for (let index = 0; index < this.sums.length; index++) out[index] = (this.numbers[from + index * ROWS] as number) + (this.sums[index] as KernelSum).intercept;
  }
}

/** The vectors end where the coefficients begin, and the sums where the runs do. */
function layoutOf({ size, features }: RadialKernel, sums: readonly KernelSum[]): Layout {
  const runs = sums.flatMap((sum) => sum.runs);
  let bytes = RAISE_TABLE_BYTES;
  const take = (count: number): number => {
    const start = bytes;
    bytes += count;
    return start;
  };
  const layout = {
    minusGamma: take(16),
    inRange: take(16),
    rows: take(features * GROUP_BYTES),
    similarities: take((size / features) * GROUP_BYTES),
    sums: take(sums.length * GROUP_BYTES),
    runs: take(runs.length * RUN_WORDS * 4),
    vectors: take(size * 8),
    coefficients: take(runs.reduce((sum, { coefficients }) => sum + coefficients.byteLength, 0)),
  };
  return { ...layout, bytes };
}
