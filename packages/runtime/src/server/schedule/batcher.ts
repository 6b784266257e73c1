import type { Histogram } from '../../metrics/histogram';

/** How inputs of one kind become one, and its output those of each. */
export interface Joint<Input, Output> {
  rowsOf(input: Input): number;
  /** Inputs of one key go together. @returns `undefined` for one that has to go alone. */
  keyOf(input: Input): string | undefined;
  join(inputs: readonly Input[]): Input;
  /** @throws IsvcError for an output that does not have a row for each row of the input. */
  split(output: Output, counts: readonly number[]): readonly Output[];
}

export interface BatcherOptions<Input, Output> {
  /** Rows that make a batch go at once; a request of more goes as it is. */
  readonly maxBatchSize: number;
  /** How long the first request of a batch waits for others. */
  readonly maxLatencyMs: number;
  readonly joint: Joint<Input, Output>;
  readonly predict: (input: Input) => Output | Promise<Output>;
  /** Gets the rows of each batch. */
  readonly sizes: Pick<Histogram, 'observe'>;
}

interface Entry<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output | Promise<Output>) => void;
  readonly reject: (error: unknown) => void;
}

/** Predicts rows of several requests together, where that is faster than one after the other. */
export class Batcher<Input, Output> {
  private readonly options: BatcherOptions<Input, Output>;
  private entries: Entry<Input, Output>[] = [];
  private rows = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: BatcherOptions<Input, Output>) {
    this.options = options;
  }

  predict(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.entries.push({ input, resolve, reject });
      this.rows += this.options.joint.rowsOf(input);
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
    // A request of another shape is no reason for the others to fail.
    for (const group of this.groupsOf(entries)) void this.run(group);
  }

  private async run(group: readonly Entry<Input, Output>[]): Promise<void> {
    const { joint, predict, sizes } = this.options;
    const [only] = group;
    if (group.length === 1 && only) {
      sizes.observe(joint.rowsOf(only.input));
      return this.settle(only);
    }
    try {
      const counts = group.map(({ input }) => joint.rowsOf(input));
      const output = predict(joint.join(group.map(({ input }) => input)));
      const parts = joint.split(output instanceof Promise ? await output : output, counts);
      sizes.observe(counts.reduce((sum, count) => sum + count, 0));
      group.forEach(({ resolve }, i) => resolve(parts[i] as Output));
    } catch {
      // Whose rows it were shows only when each is asked alone.
      for (const entry of group) this.settle(entry);
    }
  }

  private settle({ input, resolve, reject }: Entry<Input, Output>): void {
    try {
      resolve(this.options.predict(input));
    } catch (error) {
      reject(error);
    }
  }

  private groupsOf(entries: readonly Entry<Input, Output>[]): readonly (readonly Entry<Input, Output>[])[] {
    const groups = new Map<string, Entry<Input, Output>[]>();
    const alone: Entry<Input, Output>[][] = [];
    for (const entry of entries) {
      const key = this.options.joint.keyOf(entry.input);
      const group = key === undefined ? undefined : groups.get(key);
      if (key === undefined) alone.push([entry]);
      else if (group) group.push(entry);
      else groups.set(key, [entry]);
    }
    return [...groups.values(), ...alone];
  }
}
