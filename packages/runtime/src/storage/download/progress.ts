import { inUnits } from './disk-space';

export interface Progress {
  /** More bytes have come; fewer than none where some must come again. */
  readonly add: (bytes: number) => void;
  readonly end: () => void;
}

const TERMINAL_EVERY_MS = 200;
/** Quick fetches say nothing in between; long ones show that they live. */
const LINE_EVERY_MS = 10_000;

/** Says how a fetch goes: one line that changes on a terminal, a JSON line now and then elsewhere. */
export function progressTo(stream: { readonly isTTY?: boolean; write(text: string): unknown }, source: string): Progress {
  const terminal = stream.isTTY === true;
  const start = performance.now();
  let bytes = 0;
  const show = (): void => {
    const seconds = (performance.now() - start) / 1000;
    const line = terminal
      ? `\r\u001b[K${source}: ${inUnits(bytes)}, ${inUnits(Math.round(bytes / seconds))}/s`
      : `${JSON.stringify({ event: 'fetch-progress', source, bytes, seconds: Math.round(seconds) })}\n`;
    stream.write(line);
  };
  const timer = setInterval(show, terminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS);
  timer.unref();
  return {
    add: (more) => void (bytes += more),
    end: () => {
      clearInterval(timer);
      if (terminal) stream.write('\r\u001b[K');
    },
  };
}
