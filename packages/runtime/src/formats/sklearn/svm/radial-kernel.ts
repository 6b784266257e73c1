import { raiseNegatives } from '../numeric/raise-negatives';
import type { Kernel, SupportVectors } from './kernel';
import { byFours, FOUR } from './vectors-by-fours';

/** `exp(-gamma * |x - y| ** 2)`. */
export class RadialKernel implements Kernel {
  readonly count: number;
  readonly features: number;
  readonly minusGamma: number;
  private fours: Float64Array;

  constructor(vectors: SupportVectors, gamma: number) {
    this.count = vectors.count;
    this.features = vectors.features;
    this.minusGamma = -gamma;
    this.fours = byFours(vectors);
  }

  /** Numbers of the vectors as they lie in memory, by fours. */
  get size(): number {
    return this.fours.length;
  }

  /** Goes on with a copy of the vectors in `memory`, so that they are not held twice. */
  moveTo(memory: Float64Array): void {
    memory.set(this.fours);
    this.fours = memory;
  }

  compare(data: Float64Array, start: number, out: Float64Array): void {
    const { count, features, minusGamma, fours } = this;
    let at = 0;
    for (let vector = 0; vector < count; vector += FOUR) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let feature = start; feature < start + features; feature++, at += FOUR) {
        const value = data[feature] as number;
        const fromA = value - (fours[at] as number);
        const fromB = value - (fours[at + 1] as number);
        const fromC = value - (fours[at + 2] as number);
        const fromD = value - (fours[at + 3] as number);
        a += fromA * fromA;
        b += fromB * fromB;
        c += fromC * fromC;
        d += fromD * fromD;
      }
      out[vector] = minusGamma * a;
      out[vector + 1] = minusGamma * b;
      out[vector + 2] = minusGamma * c;
      out[vector + 3] = minusGamma * d;
    }
    raiseNegatives(out, count);
  }
}
