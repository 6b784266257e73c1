import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Io } from '../io';
import { modelProject } from '../scaffold/model-project';
import { runtimeDependency } from '../scaffold/runtime-dependency';

const EXAMPLES = `
Examples:
  $ isvc new model risk
      A folder "risk" with a model of your own in TypeScript, its test and a Dockerfile.
  $ isvc new model iris-steps --transformer
      The same for steps before and after another service.

Exit codes:
  0  the project is there
  2  the name or the folder cannot be used`;

/** A name that is one in URLs, of npm packages, of images and of Kubernetes objects. */
const NAME = /^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/;

/** `isvc new`: projects to start from. */
export function newCommand(io: Io): Command {
  const model = new Command('model')
    .description('Start a project with a model of your own')
    .argument('<name>', 'name of the model, the package and the folder')
    .option('--transformer', 'steps before and after another service instead of a model', false)
    .option('-d, --directory <folder>', 'folder to write into (default: the name)')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, { transformer, directory = name }: { readonly transformer: boolean; readonly directory?: string }) => {
      if (!NAME.test(name)) {
        throw new IsvcError('ISVC_CLI_USAGE', `"${name}" is no name of a model: lower-case letters, digits and "-", at most 50, a letter first`, { hint: 'such as "risk-score"' });
      }
      await assertEmpty(directory);
      const files = Object.entries(modelProject({ name, transformer, runtime: runtimeDependency(directory) }));
      for (const [path, text] of files) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), text);
      }
      io.out.write(`${files.map(([path]) => `  ${join(directory, path)}`).join('\n')}\n\nNext: cd ${directory} && npm install && npm test\n`);
    });
  return new Command('new').description('Start a project: a model of your own, with its test and its image').addCommand(model).addHelpText('after', EXAMPLES);
}

/** Nothing of anybody's is ever overwritten. */
async function assertEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new IsvcError('ISVC_CLI_USAGE', `the folder cannot be used: ${error.message}`, { path: folder, cause: error });
  });
  if (names.length > 0) throw new IsvcError('ISVC_CLI_USAGE', `the folder is not empty: ${names.slice(0, 3).join(', ')}`, { path: folder, hint: 'choose another name, or --directory' });
}
