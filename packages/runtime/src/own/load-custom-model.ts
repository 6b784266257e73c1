import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { IMPORT_MODULE } from '../runtime-bin';
import { type CustomModel, isCustomModel } from './custom-model';

const HINT = 'export a class or an object with preprocess, predict, postprocess or explain, such as: export class Model { predict(payload) { ... } }';

/**
 * Imports the module that holds a model of your own: its default export, `Model`, or the only thing in it that is a model.
 * A class is constructed without arguments; `load()` has not run yet.
 *
 * @param path a JavaScript file, or a folder with a package.json whose `main` is one.
 * @throws IsvcError ISVC_SERVER_OWN_MODEL for a module that cannot be imported or holds no model.
 */
export async function loadCustomModel(path: string): Promise<CustomModel> {
  const exported = await importModule(path);
  const values = [exported['default'], exported['Model'], ...Object.values(exported)];
  // CommonJS modules arrive as the default export of themselves.
  const all = values.flatMap((value) => (typeof value === 'object' && value !== null && !isCustomModel(value) ? Object.values(value) : [value]));
  for (const value of all) {
    const model = modelOf(value, path);
    if (model) return model;
  }
  const names = Object.keys(exported).filter((name) => name !== 'default');
  throw new IsvcError('ISVC_SERVER_OWN_MODEL', `the module exports no model${names.length === 0 ? '' : `; it exports ${names.join(', ')}`}`, { path, hint: HINT });
}

function modelOf(value: unknown, path: string): CustomModel | undefined {
  if (isCustomModel(value)) return value;
  if (typeof value !== 'function' || !isCustomModel(value.prototype)) return undefined;
  try {
    return new (value as new () => CustomModel)();
  } catch (error) {
    throw new IsvcError('ISVC_SERVER_OWN_MODEL', `the constructor of ${value.name} failed: ${messageOf(error)}`, { path, hint: 'it gets no arguments; do slow work in load()', cause: error });
  }
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path);
  try {
    const isFolder = (await stat(file)).isDirectory();
    // import() takes no folders, and JavaScript of either kind only through its file.
    const entry = isFolder ? require.resolve(join(file, '.')) : file;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it must not be in the bundle.
    const { importModule: load } = require(IMPORT_MODULE) as { readonly importModule: (address: string) => Promise<Record<string, unknown>> };
    return await load(pathToFileURL(entry).href);
  } catch (error) {
    throw new IsvcError('ISVC_SERVER_OWN_MODEL', `the module cannot be imported: ${messageOf(error)}`, { path, hint: 'give a built JavaScript file; its packages must be in node_modules beside it', cause: error });
  }
}
