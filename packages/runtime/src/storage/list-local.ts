import { type Stats, createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { isInside } from './join-inside';
import type { SourceFile } from './source';

/**
 * The files of a local folder, or one file. Links are followed while they stay inside the folder.
 *
 * @param uri what the user wrote, for messages.
 * @throws IsvcError ISVC_FETCH_NOT_FOUND, ISVC_FETCH_UNSAFE for a link that leaves the folder or a special file,
 * ISVC_FETCH_IO where something cannot be read.
 */
export async function listLocal(path: string, uri: string): Promise<readonly SourceFile[]> {
  try {
    const root = await realpath(path);
    const info = await stat(root);
    if (info.isDirectory()) return await walk({ root, uri, directory: root, prefix: '', parents: [] });
    return [sourceFile(root, basename(path), info, uri)];
  } catch (error) {
    if (error instanceof IsvcError) throw error;
    throw foreignError(error as NodeJS.ErrnoException, path, uri);
  }
}

interface Walk {
  readonly root: string;
  readonly uri: string;
  /** Absolute, without links. */
  readonly directory: string;
  /** Where its files go, with a final slash unless empty. */
  readonly prefix: string;
  /** Directories on the way here, so that a link to one of them is not followed for ever. */
  readonly parents: readonly string[];
}

async function walk({ root, uri, directory, prefix, parents }: Walk): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const names = (await readdir(directory)).sort();
  for (const name of names) {
    // Volumes of ConfigMaps and Secrets keep their data twice, the copy that counts is linked to from `..data`.
    if (name.startsWith('..')) continue;
    const target = await realpath(join(directory, name));
    if (!isInside(root, target)) {
      throw new IsvcError('ISVC_FETCH_UNSAFE', `"${prefix}${name}" is a link that leaves the source`, { path: uri, hint: 'replace the link by the file it points at' });
    }
    const info = await stat(target);
    if (!info.isDirectory()) files.push(sourceFile(target, prefix + name, info, uri));
    else if (parents.includes(target) || target === directory) {
      throw new IsvcError('ISVC_FETCH_UNSAFE', `"${prefix}${name}" is a link to a folder that contains it`, { path: uri, hint: 'remove the link' });
    } else files.push(...(await walk({ root, uri, directory: target, prefix: `${prefix}${name}/`, parents: [...parents, directory] })));
  }
  return files;
}

function sourceFile(file: string, path: string, info: Stats, uri: string): SourceFile {
  if (!info.isFile()) {
    throw new IsvcError('ISVC_FETCH_UNSAFE', `"${path}" is neither a file nor a folder`, { path: uri, hint: 'remove it from the source' });
  }
  return { path, size: info.size, version: `${info.size}-${info.mtimeMs}`, open: () => createReadStream(file, { highWaterMark: 1024 * 1024 }) };
}

function foreignError(error: NodeJS.ErrnoException, path: string, uri: string): IsvcError {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    const missing = error.path !== undefined && error.path !== path ? error.path : path;
    return new IsvcError('ISVC_FETCH_NOT_FOUND', `there is no file or folder ${missing}`, {
      path: uri,
      hint: 'check the spelling of storageUri and that the volume or folder holds the model',
      cause: error,
    });
  }
  return new IsvcError('ISVC_FETCH_IO', `the source cannot be read: ${messageOf(error)}`, { path: uri, hint: 'check its permissions', cause: error });
}
