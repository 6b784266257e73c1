import { Command, InvalidArgumentError } from 'commander';
import { createColors } from 'picocolors';
import { IsvcError } from 'cdk8s-kserve/api';
import type { Io } from '../io';
import { EXIT } from '../exit-codes';
import { parseSourceMap } from '../run/source-map';
import { JsonReport, TextReport, type Report } from '../run/report';
import { untilInterrupted } from '../run/interrupt';

interface RunFlags {
  readonly port: number;
  readonly map: readonly string[];
  readonly domain?: string;
  readonly kubeconfigOut?: string;
  readonly keepGoing: boolean;
  readonly logs: boolean;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ isvc run dist --map pvc://iris-models=./models
      Serve what "cdk8s synth" wrote to dist; the claim iris-models is the folder ./models.
  $ isvc run dist --port 0 --json
      The same on a free port, one JSON event a line, for scripts.
  $ isvc run dist --kubeconfig-out /tmp/isvc.yaml
      Write a kubeconfig, then look around: kubectl --kubeconfig /tmp/isvc.yaml get isvc -A
  $ isvc run --kubeconfig-out /tmp/isvc.yaml --map gs://models=./models
      An empty cluster: kubectl --kubeconfig /tmp/isvc.yaml apply -f service.yaml

Exit codes:
  0    stopped with Ctrl-C after everything was ready
  1    a manifest is wrong, a model cannot be loaded, or the port is taken
  2    nothing to serve, or the command line cannot be used as given
  130  interrupted before everything was ready`;

/** `isvc run`: a GitOps folder on a laptop. */
export function runCommand(io: Io): Command {
  return new Command('run')
    .description('Serve a folder of manifests on this machine: the controller, the pods as processes, and a gateway on one port')
    .argument('[folder]', 'folder of manifests (sub-folders included) or one YAML file; without one the cluster starts empty, for kubectl')
    .option('-p, --port <port>', 'port of the gateway; 0 takes a free one', parsePort, 8080)
    .option('-m, --map <uri=folder>', 'folder of this machine that stands for a model address and all below it; repeatable', (value: string, all: string[]) => [...all, value], [])
    .option('--domain <domain>', 'domain of Knative hosts (default: the platform\'s ingressDomain, else example.com)')
    .option('--kubeconfig-out <file>', 'write a kubeconfig for the embedded API server')
    .option('--keep-going', 'stay up although a model cannot be loaded', false)
    .option('--logs', 'print what the containers log, with a prefix', false)
    .option('--json', 'print one JSON event a line instead of a table', false)
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string | undefined, flags: RunFlags) => {
      if (folder === undefined && flags.kubeconfigOut === undefined) {
        throw new IsvcError('ISVC_CLI_USAGE', 'neither a folder nor --kubeconfig-out is given, so nothing could ever be served', {
          hint: 'name the folder that "cdk8s synth" writes to, or start an empty cluster for kubectl with --kubeconfig-out FILE',
        });
      }
      const colors = createColors(io.colors);
      const report: Report = flags.json ? new JsonReport(io) : new TextReport(io, colors, flags.logs);
      const sourceMap = parseSourceMap(flags.map);
      // Loaded here, so that --help does not wait for a whole cluster's code.
      const { runFolder } = await import('../run/run-folder.js');
      const result = await untilInterrupted(io, (signal) =>
        runFolder(
          {
            port: flags.port, sourceMap, keepGoing: flags.keepGoing, signal,
            ...(folder === undefined ? {} : { folder }),
            ...(flags.domain ? { domain: flags.domain } : {}),
            ...(flags.kubeconfigOut ? { kubeconfigOut: flags.kubeconfigOut } : {}),
          },
          (event) => report.on(event),
        ),
      );
      report.end(result);
      io.exitCode = { stopped: EXIT.ok, interrupted: EXIT.interrupted, invalid: EXIT.failed, failed: EXIT.failed }[result];
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError(`must be a number from 0 to 65535, got "${text}".`);
  return port;
}
