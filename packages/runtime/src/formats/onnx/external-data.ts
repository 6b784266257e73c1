import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import type { ExternalTensor, OnnxGraph } from './graph';

/** A data file beside the model. */
export interface ExternalFile {
  /** As the model spells it. */
  readonly location: string;
  readonly path: string;
}

/**
 * Checks that all external data of a model is in plain files below its folder and as long as the model says: a model must
 * not make the server read anything else.
 *
 * @throws IsvcError ISVC_MODEL_FORBIDDEN for a place outside or a link, ISVC_MODEL_NOT_FOUND, ISVC_MODEL_CORRUPT.
 */
export async function checkExternalData(graph: OnnxGraph, folder: string, file: string): Promise<readonly ExternalFile[]> {
  const sizes = new Map<string, number>();
  for (const tensor of graph.external) {
    assertInside(tensor, file);
    const size = sizes.get(tensor.location) ?? (await sizeOf(tensor, folder, file));
    sizes.set(tensor.location, size);
    if (tensor.offset + (tensor.length ?? 0) > size) {
      throw new IsvcError('ISVC_MODEL_CORRUPT', `tensor "${tensor.tensor}" needs bytes ${tensor.offset} to ${tensor.offset + (tensor.length ?? 0)} of ${tensor.location}, which has ${size}`, {
        path: file,
        hint: 'copy the data file again',
      });
    }
  }
  return [...sizes.keys()].map((location) => ({ location, path: join(folder, location) }));
}

/** The check that needs no disk: also what `inspect` shows. */
export function assertInside({ tensor, location }: ExternalTensor, file: string): void {
  const segments = location.split('/');
  const plain = location !== '' && !/[\0\\]/.test(location) && !/^[A-Za-z]:/.test(location) && !segments.some((segment) => segment === '' || segment === '..');
  if (plain) return;
  throw new IsvcError('ISVC_MODEL_FORBIDDEN', `tensor "${tensor}" has its data in ${JSON.stringify(location.slice(0, 200))}, which is not a file below the model's folder`, {
    path: file,
    hint: 'if the file is not yours, treat it as an attack; else save it again with the data in one file (save_as_external_data=False)',
  });
}

async function sizeOf({ tensor, location }: ExternalTensor, folder: string, file: string): Promise<number> {
  let path = folder;
  let size = 0;
  const segments = location.split('/').filter((segment) => segment !== '.');
  for (const [index, segment] of segments.entries()) {
    path = join(path, segment);
    const stats = await lstat(path).catch(() => undefined);
    if (!stats) {
      throw new IsvcError('ISVC_MODEL_NOT_FOUND', `tensor "${tensor}" has its data in ${location}, which is not there`, { path: file, hint: 'put it beside the model file' });
    }
    const last = index === segments.length - 1;
    if (stats.isSymbolicLink() || !(last ? stats.isFile() : stats.isDirectory())) {
      throw new IsvcError('ISVC_MODEL_FORBIDDEN', `the external data ${location} is a link or no plain file`, { path: file, hint: 'put a copy of the data in its place' });
    }
    size = stats.size;
  }
  return size;
}
