/** What is used of WebAssembly; the types of Node leave it to those of browsers. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly host: { readonly memory: WasmMemory } }) => { readonly exports: object };
};

const PAGE_BYTES = 1 << 16;

/** Of a memory at most: programs compare addresses as signed integers. */
export const MAX_BYTES = 2 ** 31 - PAGE_BYTES;

/** A compiled module, and memories to run it over. */
export class WasmProgram {
  private readonly module: object;

  private constructor(module: object) {
    this.module = module;
  }

  /** @returns `undefined` where the process runs without WebAssembly, as with `--jitless`, or the processor has no vectors. */
  static of(bytes: Uint8Array<ArrayBuffer>): WasmProgram | undefined {
    return typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes) ? undefined : new WasmProgram(new WebAssembly.Module(bytes));
  }

  /** @returns the exported functions and their memory; `undefined` where the process cannot get that memory. */
  over(bytes: number): { readonly exports: object; readonly buffer: ArrayBuffer } | undefined {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      return { exports: new WebAssembly.Instance(this.module, { host: { memory } }).exports, buffer: memory.buffer };
    } catch (error) {
      // Each memory reserves gigabytes of addresses, which a limit on those (ulimit -v) can refuse.
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
}
