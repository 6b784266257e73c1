import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { SourceContext } from './source';
import { listSource } from './sources';
import { openTarget } from './target';
import { writeFiles } from './write-files';

export interface Fetched {
  readonly files: number;
  readonly bytes: number;
  /** True where the target already held exactly this, and nothing was copied. */
  readonly unchanged: boolean;
}

/**
 * Copies one source into one folder. Either all of it is there afterwards or, after an error or an abort, none of it.
 *
 * @throws IsvcError of the source, or ISVC_FETCH_IO where writing fails. An abort throws the signal's reason.
 */
export async function fetchModel(uri: string, folder: string, context: SourceContext): Promise<Fetched> {
  const files = await listSource(uri, context);
  if (files.length === 0) {
    throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the source is an empty folder', { path: uri, hint: 'put the model there, or correct storageUri' });
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  try {
    const target = await openTarget(folder, { source: uri, files: files.map(({ path, version }) => ({ path, version })) });
    if (target.unchanged) return { files: files.length, bytes, unchanged: true };
    try {
      await writeFiles(files, target.stage, context.signal);
      context.signal.throwIfAborted();
      await target.commit();
    } catch (error) {
      await target.discard();
      throw error;
    }
  } catch (error) {
    if (error instanceof IsvcError || context.signal.aborted) throw error;
    throw new IsvcError('ISVC_FETCH_IO', `copying failed: ${messageOf(error)}`, { path: `${uri} to ${folder}`, hint: 'check space and permissions of the target', cause: error });
  }
  return { files: files.length, bytes, unchanged: false };
}
