import { IsvcError } from 'cdk8s-kserve/api';
import type { Command } from '../cli/command';
import { stderrLog } from '../process/log';
import { stopSignal } from '../process/stop-signal';
import { progressTo } from './download/progress';
import { fetchModel } from './fetch-model';
import { FETCH_USAGE } from './fetch-usage';
import { redactUri } from './transport/redact';

/** `isvc-runtime fetch`: copies models into folders, one after the other, then exits. */
export const fetchCommand: Command = {
  usage: FETCH_USAGE,
  async run(args, { env }) {
    const log = stderrLog('isvc-runtime', env['KSERVE_LOGLEVEL']);
    const pairs = pairsOf(args);
    const stop = stopSignal();
    const abort = new AbortController();
    void stop.received.then((signal) => abort.abort(new Error(signal)));
    try {
      for (const [source, target] of pairs) {
        const start = performance.now();
        const shown = redactUri(source);
        const progress = progressTo(process.stderr, shown);
        const { files, bytes, unchanged } = await fetchModel(source, target, { env, signal: abort.signal, warn: (line) => log.warn(line), onBytes: progress.add }).finally(progress.end);
        const what = `${shown}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes`;
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

function pairsOf(args: readonly string[]): readonly (readonly [string, string])[] {
  if (args.length === 0 || args.length % 2 !== 0) {
    throw new IsvcError('ISVC_CLI_USAGE', `sources and targets come in pairs, got ${args.length} argument${args.length === 1 ? '' : 's'}`, {
      hint: 'write isvc-runtime fetch SOURCE TARGET [SOURCE TARGET ...]',
    });
  }
  return Array.from({ length: args.length / 2 }, (_, i) => [args[2 * i] ?? '', args[2 * i + 1] ?? ''] as const);
}
