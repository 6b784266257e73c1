import { Command, InvalidArgumentError, Option } from 'commander';
import { createColors } from 'picocolors';
import { IsvcError } from 'cdk8s-kserve/api';
import { RULES, RULE_FAMILIES, countFindings, docPage, ruleOf, wantedArtifacts, type Artifact, type LintOptions } from 'cdk8s-kserve/lint';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { readArtifacts } from '../lint/artifacts';
import { assertRule, loadLintConfig, type LintConfig } from '../lint/lint-config';
import { lintFiles, optionsOf, type LintReport } from '../lint/lint-files';
import { loadFiles, loadFolder, loadTexts, manifestFiles, type LoadedFolder } from '../manifests/load-folder';
import { lintJson } from '../output/lint-json';
import { lintSarif } from '../output/lint-sarif';
import { lintText } from '../output/lint-text';
import { parseSourceMap } from '../run/source-map';

const FORMATS = ['human', 'json', 'sarif'] as const;

interface LintFlags {
  readonly format: (typeof FORMATS)[number];
  readonly config?: string;
  readonly world: readonly string[];
  readonly map: readonly string[];
  readonly maxWarnings?: number;
  readonly rules?: boolean;
  readonly explain?: string;
}

const EXAMPLES = `
The folder is the world: runtimes, service accounts, secrets, claims and the ConfigMap inferenceservice-config
found in it are used, as the controller would use them. Names that lead nowhere are errors only where the
folder holds objects of that kind; --world adds what the cluster has.

Switch a rule off for a field, and all below it, with a comment above it:
    # isvc-lint-disable ISVC_LINT_GPU_SCALE_TO_ZERO -- batch jobs, clients wait
    minReplicas: 0
or for a repository in .isvc-lint.yaml, looked for at the path and above it:
    rules: { ISVC_LINT_PAYLOAD_LOG: off, ISVC_LINT_IMAGE_PER_MODEL: error }
    ignore: [vendor/**]

Examples:
  $ isvc lint dist
      Everything wrong with what "cdk8s synth" wrote, each at its line.
  $ kustomize build overlays/prod | isvc lint -
      The same for what another tool renders.
  $ isvc lint dist --format sarif > lint.sarif
      For code hosts that show findings beside a change.
  $ isvc lint dist --map s3://models=./models
      Looks at the models, too: what would be refused, what Triton would not load. Those at file:// addresses need no --map.
  $ isvc lint --explain ISVC_LINT_GPU_LIMIT
      Why a rule is there, with a bad and a good example.

Exit codes:
  0  no errors; warnings are allowed up to --max-warnings
  1  errors, or too many warnings
  2  nothing to look at, or the command line or configuration cannot be used`;

/** `isvc lint`: what is wrong with manifests, before anything is applied. */
export function lintCommand(io: Io): Command {
  const repeatable = (value: string, all: readonly string[]): readonly string[] => [...all, value];
  return new Command('lint')
    .description('Find what is wrong with manifests: typos, what the cluster would refuse, and what would not work together')
    .argument('[path]', 'folder of manifests (sub-folders included), one YAML file, or - for standard input')
    .addOption(new Option('-f, --format <format>', 'how to print findings').choices(FORMATS).default('human'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('-c, --config <file>', 'configuration (default: the nearest .isvc-lint.yaml)')
    .option('-w, --world <folder>', 'objects that the cluster has beside the linted ones; repeatable', repeatable, [])
    .option('-m, --map <uri=folder>', 'folder of this machine that stands for a model address and all below it, whose models are looked at; repeatable', repeatable, [])
    .option('--max-warnings <number>', 'exit with 1 when there are more warnings', parseCount)
    .option('--rules', 'list all rules')
    .option('--explain <code>', 'say what a rule is about')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string | undefined, flags: LintFlags) => {
      try {
        io.exitCode = await run(path, flags, io);
      } catch (error) {
        if (!(error instanceof IsvcError)) throw error;
        io.err.write(`isvc: ${error.toLine()}\n`);
        io.exitCode = EXIT.usage;
      }
    });
}

async function run(path: string | undefined, flags: LintFlags, io: Io): Promise<number> {
  if (flags.rules) return print(io, ruleList(io.colors));
  if (flags.explain !== undefined) return print(io, explanation(flags.explain));
  if (path === undefined) throw new IsvcError('ISVC_CLI_USAGE', 'name a folder, a file, or - for standard input', { hint: 'isvc lint dist' });
  const config = await loadLintConfig(flags.config, path === '-' ? '.' : path);
  const loaded = await load(path, config, io);
  const folders = await Promise.all(flags.world.map((folder) => loadFolder(folder)));
  const world = folders.flatMap((w) => w.manifests.map((m) => m.object));
  const report = lintFiles(loaded, config, { world, artifacts: await artifactsOf(loaded, parseSourceMap(flags.map), optionsOf(config, { world })) });
  io.out.write(rendered(report, flags.format, io));
  const { error, warning } = countFindings(report.findings);
  return error > 0 || warning > (flags.maxWarnings ?? Number.POSITIVE_INFINITY) ? EXIT.failed : EXIT.ok;
}

/** Which addresses are wanted takes a rendering of its own, so it is asked only where there may be something to read. */
async function artifactsOf({ manifests, texts }: LoadedFolder, map: Readonly<Record<string, string>>, options: LintOptions): Promise<ReadonlyMap<string, Artifact>> {
  if (Object.keys(map).length === 0 && ![...texts.values()].some((text) => text.includes('file://'))) return new Map();
  return readArtifacts(wantedArtifacts(manifests.map(({ object }) => ({ object })), options), map);
}

async function load(path: string, config: LintConfig, io: Io): Promise<LoadedFolder> {
  if (path !== '-') return loadFiles((await manifestFiles(path)).filter((file) => !config.ignores(file)), path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.input ?? []) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return loadTexts(new Map([['<stdin>', Buffer.concat(chunks).toString('utf8')]]), 'standard input');
}

function rendered(report: LintReport, format: LintFlags['format'], io: Io): string {
  if (format === 'json') return lintJson(report);
  return format === 'sarif' ? lintSarif(report) : lintText(report, createColors(io.colors));
}

function print(io: Io, text: string): number {
  io.out.write(text);
  return EXIT.ok;
}

function ruleList(withColors: boolean): string {
  const colors = createColors(withColors);
  const width = Math.max(...RULES.map((r) => r.code.length));
  return Object.entries(RULE_FAMILIES)
    .map(([family, rules]) => `${colors.bold(family)}\n${rules.map((r) => `  ${r.code.padEnd(width)}  ${r.severity.padEnd(7)}  ${r.title}\n`).join('')}`)
    .join('\n');
}

function explanation(code: string): string {
  const wanted = code.toUpperCase();
  assertRule(wanted, '--explain');
  const rule = ruleOf(wanted);
  if (!rule) throw new IsvcError('ISVC_CLI_USAGE', `there is no rule "${code}"`);
  return `${rule.code} (${rule.severity}): ${rule.title}\n\n${rule.why}\n\nFound here:\n\n${indented(rule.bad)}\nNot here:\n\n${indented(rule.good)}\nSee ${docPage(rule.code)}.\n`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`must be a whole number, got "${text}".`);
  return Number(text);
}
