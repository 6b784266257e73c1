/** Memory that is used again and again for arrays of the same purpose, so that reading many of them leaves no garbage. */
export class ReusedMemory {
  private readonly kept = new Map<string, ArrayBuffer>();

  /** At least so many bytes, with whatever they held before; what was taken for the same purpose is lost. */
  take(purpose: string, bytes: number): ArrayBuffer {
    const kept = this.kept.get(purpose);
    if (kept && kept.byteLength >= bytes) return kept;
    // A half more where it is used again, as the next array may be a little larger.
    const memory = new ArrayBuffer(kept ? Math.ceil(bytes / 2) * 3 : bytes);
    this.kept.set(purpose, memory);
    return memory;
  }
}
