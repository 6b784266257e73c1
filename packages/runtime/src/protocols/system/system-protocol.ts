import type * as expositionModule from '../../metrics/exposition';
import type { Operation, Protocol } from '../protocol';
import { jsonReply } from '../reply';

const live: Operation = { method: 'GET', answer: () => jsonReply(200, '{"status":"alive"}') };

const metrics: Operation = {
  method: 'GET',
  async answer(_call, state) {
    // Loaded at the first scrape: prom-client takes longer than everything else of the start together.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { expositionOf, renderSum } = require('../../metrics/exposition') as typeof expositionModule;
    const exposition = expositionOf(state.models, state.metrics);
    return { status: 200, contentType: exposition.contentType, body: state.scrapeAll ? await renderSum(await state.scrapeAll()) : await exposition.render() };
  },
};

/** Liveness and metrics, which belong to no inference protocol. */
export const systemProtocol: Protocol = {
  name: 'system',
  match(_method, path) {
    if (path === '/') return { operation: live, model: '' };
    if (path === '/metrics') return { operation: metrics, model: '' };
    return undefined;
  },
};
