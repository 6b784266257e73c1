import type { Command } from '../cli/command';
import { parseFlags } from '../cli/flags';
import { loadModel } from '../model/load-model';
import { tabular } from '../model/tabular';
import { type LogFormat, stderrLog } from '../process/log';
import { stopSignal } from '../process/stop-signal';
import { SERVE_FLAGS } from './serve-flags';
import { serveOptions } from './serve-options';
import { SERVE_USAGE } from './serve-usage';
import { startServer } from './start-server';

/** `isvc-runtime serve`: loads one model and serves it until a signal. */
export const serveCommand: Command = {
  usage: SERVE_USAGE,
  async run(args, context) {
    const started = performance.now();
    // From the first moment on: as process 1 of a container, Node would ignore SIGTERM without a handler.
    const stop = stopSignal();
    const flags = parseFlags(args, SERVE_FLAGS);
    const log = stderrLog('isvc-runtime', context.env['KSERVE_LOGLEVEL'], flags.values.get('log_format') as LogFormat | undefined);
    const { modelDir, ...options } = serveOptions(flags, context.env, log);
    const model = tabular(await loadModel(modelDir));
    const server = await startServer({ ...options, model, log });
    const early = stop.requested();
    if (early !== undefined) {
      await server.close();
      log.info(`${early} during the start: stopped`);
      return stop.exitCodeOf(early);
    }
    const ms = Math.round(performance.now() - started);
    log.info(`model ${options.modelName} (${model.estimator}, ${model.features} features) ready on port ${server.port} after ${ms} ms`);

    const signal = await stop.received;
    log.info(`${signal}: not ready any more, finishing running requests`);
    const cut = await server.close();
    if (cut > 0) log.warn(`${cut} connection(s) were still busy after the shutdown timeout and have been cut`);
    log.info('stopped');
    stop.dispose();
    return 0;
  },
};

