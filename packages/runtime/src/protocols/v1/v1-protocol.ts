import { decodeSegment } from '../path-segment';
import type { Operation, Protocol } from '../protocol';
import { explain, listModels, modelStatus, predict } from './operations';

const MODELS = '/v1/models';
const PREDICT = ':predict';
const EXPLAIN = ':explain';

/** KServe's V1 protocol: `/v1/models`, `/v1/models/{m}`, `/v1/models/{m}:predict`, `/v1/models/{m}:explain`. */
export const v1Protocol: Protocol = {
  name: 'v1',
  match(method, path) {
    if (!path.startsWith(MODELS)) return undefined;
    if (path.length === MODELS.length) return { operation: listModels, model: '' };
    if (path.charCodeAt(MODELS.length) !== 47 /* / */ || path.includes('/', MODELS.length + 1)) return undefined;
    const rest = path.slice(MODELS.length + 1);
    // As in KServe, a GET asks for the status of a model whatever verb its name ends in.
    const operation = method === 'GET' ? modelStatus : operationOf(rest);
    const name = operation === predict || operation === explain ? rest.slice(0, -PREDICT.length) : rest;
    return name === '' ? undefined : { operation, model: decodeSegment(name) };
  },
};

function operationOf(rest: string): Operation {
  if (rest.endsWith(PREDICT)) return predict;
  return rest.endsWith(EXPLAIN) ? explain : modelStatus;
}
