import type { IsvcError } from 'cdk8s-kserve/api';

/**
 * Rejects when the signal is aborted, or some time after it. A signal that outlives the call must be released, or it
 * remembers every call there was.
 *
 * @param reason makes the error. @default - the signal's own reason
 */
export function rejectOnAbort(signal: AbortSignal, reason?: () => IsvcError, afterMs = 0): { readonly promise: Promise<never>; readonly release: () => void } {
  let release = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => reject(reason ? reason() : signal.reason);
    const onAbort = (): void => (afterMs === 0 ? end() : void (timer = setTimeout(end, afterMs)));
    release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  // It may be the loser of a race that nobody looks at any more.
  promise.catch(() => {});
  return { promise, release };
}
