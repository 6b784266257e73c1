import type { Command } from '../cli/command';
import { stderrLog } from '../process/log';
import { stopSignal } from '../process/stop-signal';
import { progressTo } from './download/progress';
import { parseFetchArgs } from './fetch-args';
import { fetchModel } from './fetch-model';
import { FETCH_USAGE } from './fetch-usage';
import { redactUri } from './transport/redact';
import { openVerification } from './verify/verification';

/** `isvc-runtime fetch`: copies models into folders, one after the other, then exits. */
export const fetchCommand: Command = {
  usage: FETCH_USAGE,
  async run(args, { env }) {
    const log = stderrLog('isvc-runtime', env['KSERVE_LOGLEVEL']);
    const { pairs, verification: asked } = parseFetchArgs(args);
    const verification = await openVerification(asked);
    const stop = stopSignal();
    const abort = new AbortController();
    void stop.received.then((signal) => abort.abort(new Error(signal)));
    try {
      for (const [source, target] of pairs) {
        const start = performance.now();
        const shown = redactUri(source);
        const progress = progressTo(process.stderr, shown);
        const options = { env, signal: abort.signal, verification, warn: (line: string) => log.warn(line), onBytes: progress.add };
        const { files, bytes, unchanged } = await fetchModel(source, target, options).finally(progress.end);
        const what = `${shown}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes${verification ? ', verified,' : ''}`;
        log.info(unchanged ? `${what}, already in ${target}` : `${what} fetched into ${target} in ${Math.round(performance.now() - start)} ms`);
      }
      return 0;
    } catch (error) {
      if (!abort.signal.aborted) throw error;
      const signal = await stop.received;
      log.error(`${signal}: fetch given up, the target is as it was`);
      return stop.exitCodeOf(signal);
    } finally {
      stop.dispose();
    }
  },
};
