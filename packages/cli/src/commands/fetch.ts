import { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { isIsvcError } from '../foreign-error';
import type { Io } from '../io';
import { fetchJson, fetchText } from '../output/fetch-text';
import { untilInterrupted } from '../run/interrupt';

interface FetchFlags {
  readonly json: boolean;
  readonly digests?: string;
  readonly signers?: string;
  readonly signature?: string;
}

const EXAMPLES = `
Examples:
  $ AWS_DEFAULT_REGION=eu-west-1 isvc fetch s3://models/iris ./iris
      What a pod would get, with the credentials of this shell, by the names that KServe uses.
  $ isvc fetch hf://owner/model:main ./model --signers release.pub
      Only if the model has an OpenSSF signature of that key.
  $ isvc fetch https://models.example.com/iris.tar.gz ./iris --json
      The outcome as JSON on stdout, progress as JSON lines on stderr.

The folder is complete or untouched. After Ctrl-C the next run goes on where this one stopped, in a hidden folder.
docs/reference/storage.md lists addresses, credentials and settings.

Exit codes:
  0    the model is in the folder
  1    it cannot be fetched or verified; the output has the cause and the way out
  2    the command line cannot be used as given
  130  interrupted`;

/** `isvc fetch`: the fetcher of the pods, on this machine. */
export function fetchCommand(io: Io): Command {
  return new Command('fetch')
    .description('Copy a model into a folder as a pod would: every source, verified and resumed')
    .argument('<source>', 'address of the model, e.g. s3://models/iris, hf://owner/model, oci://registry/iris:1')
    .argument('<folder>', 'where it goes')
    .option('--json', 'print the outcome as JSON', false)
    .option('--digests <file>', 'what the model must be: the output of sha256sum')
    .option('--signers <file>', 'public keys or certificates (PEM) of which one must have signed the model')
    .option('--signature <path>', 'where the signature lies in the model, or absolute on this machine (default: model.sig)')
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, folder: string, flags: FetchFlags) => {
      io.exitCode = await untilInterrupted(io, (signal) => fetchOnce(source, folder, flags, signal, io));
    });
}

async function fetchOnce(source: string, folder: string, flags: FetchFlags, signal: AbortSignal, io: Io): Promise<number> {
  // All sources are loaded only for those who fetch.
  const { fetchModel, openVerification, progressTo, redactUri } = await import('cdk8s-kserve-runtime');
  const shown = redactUri(source);
  const start = io.now().getTime();
  try {
    const verification = await openVerification(flags);
    const progress = progressTo(io.err, shown);
    const warn = (line: string): void => void io.err.write(`isvc: ${line}\n`);
    const fetched = await fetchModel(source, folder, { env: process.env, signal, verification, warn, onBytes: progress.add }).finally(progress.end);
    const outcome = { source: shown, folder, ...fetched, verified: verification !== undefined, milliseconds: io.now().getTime() - start };
    io.out.write(flags.json ? fetchJson(outcome) : fetchText(outcome));
    return EXIT.ok;
  } catch (error) {
    if (signal.aborted) {
      io.err.write(`isvc: interrupted, ${folder} is as it was\n`);
      return EXIT.interrupted;
    }
    if (!isIsvcError(error)) throw error;
    if (flags.json) io.out.write(fetchJson({ source: shown, folder, error: { code: error.code, message: error.message, path: error.path, hint: error.hint } }));
    io.err.write(`isvc: ${error.toLine()}\n`);
    return EXIT.failed;
  }
}
