import type { Histogram } from '../../metrics/histogram';
import type { Matrix, OutputTensor } from '../../model/model';
import { joinRows, splitRows } from './matrix-rows';

export interface BatcherOptions {
  /** Rows that make a batch go at once; a request of more goes as it is. */
  readonly maxBatchSize: number;
  /** How long the first request of a batch waits for others. */
  readonly maxLatencyMs: number;
  readonly predict: (input: Matrix) => OutputTensor;
  /** Gets the rows of each batch. */
  readonly sizes: Pick<Histogram, 'observe'>;
}

interface Entry {
  readonly input: Matrix;
  readonly resolve: (output: OutputTensor) => void;
  readonly reject: (error: unknown) => void;
}

/** Predicts rows of several requests together, where that is faster than one after the other. */
export class Batcher {
  private readonly options: BatcherOptions;
  private entries: Entry[] = [];
  private rows = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: BatcherOptions) {
    this.options = options;
  }

  predict(input: Matrix): Promise<OutputTensor> {
    return new Promise((resolve, reject) => {
      this.entries.push({ input, resolve, reject });
      this.rows += input.rows;
      if (this.rows >= this.options.maxBatchSize) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), this.options.maxLatencyMs);
    });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { entries } = this;
    this.entries = [];
    this.rows = 0;
    // A request of another width, or with text cells, is no reason for the others to fail.
    for (const group of groupsOf(entries)) this.run(group);
  }

  private run(group: readonly Entry[]): void {
    const { predict, sizes } = this.options;
    const inputs = group.map(({ input }) => input);
    const [only] = inputs;
    if (inputs.length === 1 && only) {
      sizes.observe(only.rows);
      settle(group[0] as Entry, () => predict(only));
      return;
    }
    try {
      const joined = joinRows(inputs);
      const parts = splitRows(predict(joined), inputs.map(({ rows }) => rows));
      sizes.observe(joined.rows);
      group.forEach(({ resolve }, i) => resolve(parts[i] as OutputTensor));
    } catch {
      // Whose rows it were shows only when each is asked alone.
      for (const entry of group) settle(entry, () => predict(entry.input));
    }
  }
}

function settle({ resolve, reject }: Entry, work: () => OutputTensor): void {
  try {
    resolve(work());
  } catch (error) {
    reject(error);
  }
}

function groupsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const groups = new Map<number, Entry[]>();
  const alone: Entry[][] = [];
  for (const entry of entries) {
    if (entry.input.texts) alone.push([entry]);
    else {
      const group = groups.get(entry.input.columns);
      if (group) group.push(entry);
      else groups.set(entry.input.columns, [entry]);
    }
  }
  return [...groups.values(), ...alone];
}
