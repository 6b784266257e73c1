import { CONTAINER, MODEL_DIR } from '../../keys';
import { SHORTHAND_FORMATS, type PredictorSpec, type StorageUri } from '../types';
import type { Report } from './report';

const RESOURCE_ID = /^kbs:\/\/\/[^/]+\/[^/]+\/[^/]+$/;

/** What KServe's webhook checks of where models lie, for one predictor. */
export function checkPredictorStorage(predictor: PredictorSpec, path: string, report: Report): void {
  for (const field of ['model', ...SHORTHAND_FORMATS] as const) {
    const extension = predictor[field];
    if (!extension) continue;
    const at = `${path}.${field}`;
    if (extension.storageUri && predictor.storageUris) report(at, 'storageUri and storageUris cannot both be set', 'keep one of them');
    if (extension.storageUri && extension.storage?.path) report(at, 'storageUri and storage.path cannot both be set', 'keep one of them');
    const { enabled, resourceId } = extension.confidential ?? {};
    if (enabled && !extension.storageUri) report(`${at}.confidential`, 'needs a storageUri to decrypt', 'set storageUri, or remove confidential');
    if (resourceId !== undefined && !RESOURCE_ID.test(resourceId)) {
      report(`${at}.confidential.resourceId`, `must read kbs:///REPOSITORY/TYPE/TAG, got "${resourceId}"`);
    }
  }
  const transformer = predictor.containers?.find((c) => c.name === CONTAINER.transformer);
  if (transformer?.env?.some((e) => e.name === 'STORAGE_URI')) {
    report(`${path}.containers`, `sets env STORAGE_URI in ${CONTAINER.transformer}; the model is the predictor's`, 'set storageUri of the model instead');
  }
  checkStorageUris(predictor.storageUris, `${path}.storageUris`, report);
}

/** Mount paths of several sources: absolute, distinct, and the fetched ones below one folder, since one volume takes them all. */
export function checkStorageUris(sources: readonly StorageUri[] | undefined, path: string, report: Report): void {
  if (!sources) return;
  if (sources.length === 0) report(path, 'is empty', 'list at least one source, or remove the field');
  sources.forEach((source, index) => {
    const mountPath = source.mountPath ?? MODEL_DIR;
    const at = `${path}[${index}].mountPath`;
    if (mountPath === '/') report(at, 'must not be "/"', `use a folder such as ${MODEL_DIR}`);
    else if (mountPath.split('/').includes('..')) report(at, `must not contain "..", got "${mountPath}"`);
  });
  const paths = sources.map((s) => s.mountPath ?? MODEL_DIR);
  const repeated = paths.find((p, index) => paths.indexOf(p) !== index);
  if (repeated !== undefined) report(path, `two sources are mounted at "${repeated}"`, 'give each source its own mountPath');
  const fetched = sources.filter((s) => !s.uri.startsWith('pvc://')).map((s) => s.mountPath ?? MODEL_DIR);
  if (fetched.length > 1 && commonFolder(fetched) === '/') {
    report(path, `mount paths ${fetched.map((p) => `"${p}"`).join(', ')} have no common folder below "/"`, `put them below one folder, e.g. ${MODEL_DIR}/a and ${MODEL_DIR}/b`);
  }
}

/** The deepest folder that holds all paths; of one path, the path itself. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((p) => p.split('/').filter((part) => part !== ''));
  const parts = [...first];
  for (const other of others) {
    const shared = parts.findIndex((part, index) => other[index] !== part);
    if (shared !== -1) parts.length = shared;
  }
  return `/${parts.join('/')}`;
}
