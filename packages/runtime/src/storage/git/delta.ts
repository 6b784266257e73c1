import { brokenPack } from './broken-pack';
import { type ContentReader, type ContentWriter } from './content';

/** One step of a delta: bytes of the base, or bytes that the delta brings. */
type Step = { readonly from: number; readonly length: number } | { readonly literal: number };

/** The sizes of base and result that a delta states at its start, and where its steps begin. */
export function deltaSizes(head: Buffer): { readonly base: number; readonly result: number; readonly start: number } {
  const [base, next] = varint(head, 0);
  const [result, start] = varint(head, next);
  return { base, result, start };
}

/** Builds the result of a delta in memory. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const sizes = deltaSizes(delta);
  if (sizes.base !== base.length) throw brokenPack('a delta is of another base');
  const result = Buffer.allocUnsafe(sizes.result);
  let to = 0;
  for (let at = sizes.start; at < delta.length; ) {
    const { step, next } = stepAt(delta, at);
    const [source, from, length] = 'literal' in step ? [delta, next, step.literal] : [base, step.from, step.length];
    if (from + length > source.length || to + length > result.length) throw brokenPack('a delta leads past an end');
    source.copy(result, to, from, from + length);
    to += length;
    at = 'literal' in step ? next + step.literal : next;
  }
  if (to !== result.length) throw brokenPack('a delta makes too little');
  return result;
}

/** The same for contents that memory should not hold. */
export async function streamDelta(base: ContentReader, delta: ContentReader, writer: ContentWriter, signal: AbortSignal): Promise<void> {
  const sizes = deltaSizes(await delta.read(0, 32));
  if (sizes.base !== base.length) throw brokenPack('a delta is of another base');
  for (let at = sizes.start; at < delta.length; ) {
    signal.throwIfAborted();
    const { step, next } = stepAt(await delta.read(at, 8), 0);
    at += next;
    const [source, from, length] = 'literal' in step ? [delta, at, step.literal] : [base, step.from, step.length];
    if (from + length > source.length || writer.content.length + length > sizes.result) throw brokenPack('a delta leads past an end');
    for (let done = 0; done < length; ) {
      const chunk = await source.read(from + done, length - done);
      if (chunk.length === 0) throw brokenPack('a delta leads past an end');
      await writer.write(chunk);
      done += chunk.length;
    }
    if ('literal' in step) at += length;
  }
  if (writer.content.length !== sizes.result) throw brokenPack('a delta makes too little');
}

/** The eighth bit of a step says copy; the others then say which bytes of offset (four) and length (three) follow. */
function stepAt(delta: Buffer, at: number): { readonly step: Step; readonly next: number } {
  const code = byteAt(delta, at);
  let next = at + 1;
  if (code === 0) throw brokenPack('a delta has a step of no kind');
  if (code < 128) return { step: { literal: code }, next };
  let [from, length] = [0, 0];
  for (let i = 0; i < 4; i++) if (code & (1 << i)) from += byteAt(delta, next++) * 2 ** (8 * i);
  for (let i = 0; i < 3; i++) if (code & (16 << i)) length += byteAt(delta, next++) * 2 ** (8 * i);
  return { step: { from, length: length || 0x10000 }, next };
}

/** Seven bits a byte, the lowest first. */
function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = byteAt(bytes, at + i);
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, at + i + 1];
  }
  throw brokenPack('a delta states no size');
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw brokenPack('a delta ends inside a step');
  return byte;
}
