import { decodeSegment } from '../path-segment';
import type { Call, Operation, Protocol } from '../protocol';
import { repositoryIndex, repositoryLoad, repositoryUnload } from './repository-operations';
import { listModels, modelInfer, modelMetadata, modelReady, serverLive, serverMetadata, serverReady } from './operations';

const MODELS = '/v2/models/';
const VERSIONS = 'versions/';
const REPOSITORY = '/v2/repository/models/';

const SERVER_PATHS: ReadonlyMap<string, Call> = new Map(
  Object.entries({
    '/v2': serverMetadata,
    '/v2/health/live': serverLive,
    '/v2/health/ready': serverReady,
    '/v2/models': listModels,
    '/v2/repository/index': repositoryIndex,
  }).map(([path, operation]) => [path, { operation, model: '' }]),
);

/** The Open Inference Protocol over REST, with its binary tensors and its repository extension. */
export const v2Protocol: Protocol = {
  name: 'v2',
  match(_method, path) {
    if (!path.startsWith('/v2')) return undefined;
    if (!path.startsWith(MODELS)) return path.startsWith(REPOSITORY) ? matchRepository(path.slice(REPOSITORY.length)) : SERVER_PATHS.get(path);
    const end = path.indexOf('/', MODELS.length);
    const model = decodeSegment(path.slice(MODELS.length, end < 0 ? undefined : end));
    if (model === '') return undefined;
    const rest = end < 0 ? '' : path.slice(end + 1);
    if (rest.startsWith(VERSIONS)) return matchVersion(model, rest.slice(VERSIONS.length));
    const operation = operationOf(rest, end < 0);
    return operation && { operation, model };
  },
};

function matchRepository(rest: string): Call | undefined {
  const [name = '', verb, ...more] = rest.split('/');
  const operation = verb === 'load' ? repositoryLoad : verb === 'unload' ? repositoryUnload : undefined;
  const model = decodeSegment(name);
  return operation && model !== '' && more.length === 0 ? { operation, model } : undefined;
}

function matchVersion(model: string, rest: string): Call | undefined {
  const end = rest.indexOf('/');
  const version = decodeSegment(end < 0 ? rest : rest.slice(0, end));
  const operation = operationOf(end < 0 ? '' : rest.slice(end + 1), end < 0);
  return operation && version !== '' ? { operation, model, version } : undefined;
}

/** @param bare the path ends with the model or its version, without a slash. */
function operationOf(rest: string, bare: boolean): Operation | undefined {
  if (rest === 'infer') return modelInfer;
  if (rest === 'ready') return modelReady;
  return bare ? modelMetadata : undefined;
}
