import { Command } from 'commander';
import { createColors } from 'picocolors';
import { IsvcError, isInferenceGraph, isInferenceService, isTrainedModel, objectKey } from 'cdk8s-kserve/api';
import { worldFromObjects } from 'cdk8s-kserve/render';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { checkManifests } from '../manifests/check-manifests';
import { loadFolder } from '../manifests/load-folder';
import { credsText } from '../output/creds-text';
import { problemText } from '../output/problem-line';
import { untilInterrupted } from '../run/interrupt';

interface CredsFlags {
  readonly world: readonly string[];
  readonly json: boolean;
}

const EXAMPLES = `
For each model it resolves storage, service account and secrets of the folder exactly as a pod would get them, and asks
the store from this machine: a listing, and the first bytes of one file. Your own credentials are never used, and no
secret is ever printed. What only the cluster can say (roles by annotation, secrets that are not in the folder, addresses
inside the cluster) is "unknown", which is no failure. Models on this machine (file://) are looked at as well: what the
server would refuse fails.

Examples:
  $ isvc creds dist
      Which models could be fetched, with which credential, and what to do about the others.
  $ isvc creds dist --world ../platform/secrets --json
      With the secrets of another folder, for a program.

Exit codes:
  0    nothing fails
  1    at least one model could not be fetched
  2    nothing to look at, or the command line cannot be used as given
  130  interrupted`;

/** `isvc creds`: whether the models of a folder could be fetched, before anything is applied. */
export function credsCommand(io: Io): Command {
  const repeatable = (value: string, all: readonly string[]): readonly string[] => [...all, value];
  return new Command('creds')
    .description('Try the storage credentials of a folder from this machine: which models could be fetched, and what would fail')
    .argument('<folder>', 'folder of manifests (sub-folders included) or one YAML file')
    .option('-w, --world <folder>', 'more objects that the services may use, such as secrets and accounts; repeatable', repeatable, [])
    .option('--json', 'print the outcome as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: CredsFlags) => {
      io.exitCode = await untilInterrupted(io, (signal) => run(folder, flags, signal, io));
    });
}

async function run(folder: string, flags: CredsFlags, signal: AbortSignal, io: Io): Promise<number> {
  const loaded = await loadFolder(folder);
  const beside = (await Promise.all(flags.world.map(loadFolder))).flatMap((l) => l.manifests.map((m) => m.object));
  // What is no proper object cannot be rendered; what render has to say of the others is among the checks.
  const broken = [...loaded.problems, ...checkManifests(loaded.manifests)].filter(({ severity, code }) => severity === 'error' && code.startsWith('ISVC_API_'));
  for (const problem of broken) io.err.write(`${problemText(problem, createColors(io.colors))}\n`);
  const objects = loaded.manifests.map((m) => m.object).filter((o) => !broken.some(({ subject }) => subject === `${o.kind} ${objectKey(o.metadata)}`));
  if (broken.length === 0 && !objects.some((o) => isInferenceService(o) || isTrainedModel(o) || isInferenceGraph(o))) {
    throw new IsvcError('ISVC_CLI_USAGE', `${folder} holds ${objects.length} objects but no InferenceService, TrainedModel or InferenceGraph`, { hint: 'name the folder that "cdk8s synth" writes to, usually dist' });
  }
  // All sources are loaded only for those who ask.
  const { checkCredentials } = await import('../creds/check-credentials.js');
  try {
    const checks = await checkCredentials(objects, beside, worldFromObjects([...objects, ...beside]).world, signal);
    io.out.write(flags.json ? `${JSON.stringify({ checks }, null, 2)}\n` : credsText(checks, createColors(io.colors)));
    return broken.length > 0 || checks.some(({ status }) => status === 'failed') ? EXIT.failed : EXIT.ok;
  } catch (error) {
    if (!signal.aborted) throw error;
    io.err.write('isvc: interrupted\n');
    return EXIT.interrupted;
  }
}
