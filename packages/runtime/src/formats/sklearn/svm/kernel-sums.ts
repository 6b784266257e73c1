import type { Matrix } from '../../../model/model';
import type { Kernel, KernelSum } from './kernel';
import { RadialKernel } from './radial-kernel';
import { ROWS } from './radial-program';
import { RadialSums } from './radial-sums';
import { FOUR } from './vectors-by-fours';

/** What support vector machines compute: sums over the similarities of a row to their vectors. */
export class KernelSums {
  private readonly kernel: Kernel;
  private readonly similarities: Float64Array;
  private readonly values: Float64Array;
  private sums: readonly KernelSum[];
  /** Several rows at once; `undefined` until rows come together, and `false` where it cannot be had. */
  private together: RadialSums | false | undefined;

  /** @param vectors number of support vectors. */
  constructor(kernel: Kernel, vectors: number, sums: readonly KernelSum[]) {
    this.kernel = kernel;
    this.similarities = new Float64Array(Math.ceil(vectors / FOUR) * FOUR);
    this.values = new Float64Array(sums.length);
    this.sums = sums;
    if (!(kernel instanceof RadialKernel)) this.together = false;
  }

  /** @param visit gets the sums of each row, in memory that is used again for the next. */
  each({ rows, columns, data }: Matrix, visit: (row: number, sums: Float64Array) => void): void {
    const together = rows >= ROWS && this.together !== false ? this.joined() : undefined;
    const { values } = this;
    let row = 0;
    for (; together && row + ROWS <= rows; row += ROWS) {
      const isExact = together.sum(data, row * columns);
      for (let lane = 0; lane < ROWS; lane++) {
        if (isExact) together.read(lane, values);
        else this.sum(data, (row + lane) * columns);
        visit(row + lane, values);
      }
    }
    for (; row < rows; row++) {
      this.sum(data, row * columns);
      visit(row, values);
    }
  }

  private sum(data: Float64Array, start: number): void {
    const { similarities, sums, values } = this;
    this.kernel.compare(data, start, similarities);
    for (let index = 0; index < sums.length; index++) {
      const { runs, intercept } = sums[index] as KernelSum;
      let sum = 0;
      for (const { first, coefficients } of runs) {
        for (let i = 0; i < coefficients.length; i++) sum += (coefficients[i] as number) * (similarities[first + i] as number);
      }
      values[index] = sum + intercept;
    }
  }

  /** Made by the first rows that come together: most requests are of one, and a start should not wait for it. */
  private joined(): RadialSums | undefined {
    if (this.together === undefined) {
      this.together = RadialSums.of(this.kernel as RadialKernel, this.sums) ?? false;
      if (this.together) this.sums = this.together.sums;
    }
    return this.together || undefined;
  }
}
