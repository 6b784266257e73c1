import type { KubeObject } from 'cdk8s-kserve/api';
import { docPage, lint, ruleOf, type Artifact, type Finding, type LintInput, type LintOptions, type Severity } from 'cdk8s-kserve/lint';
import type { LoadedFolder } from '../manifests/load-folder';
import type { Manifest, Position } from '../manifests/manifest';
import type { LintConfig } from './lint-config';
import { Suppressions } from './suppressions';

/** A finding at its place in a file. */
export interface LocatedFinding extends Omit<Finding, 'input' | 'subject'> {
  readonly file: string;
  readonly position: Position;
  /** The object, as `Kind namespace/name`; absent where there is none. */
  readonly subject?: string;
}

export interface LintReport {
  /** By file, line and column. */
  readonly findings: readonly LocatedFinding[];
  readonly files: number;
  readonly objects: readonly KubeObject[];
  /** What stands in each file. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What lint has beside the files. */
export interface LintExtras {
  /** Objects that the cluster has. */
  readonly world?: readonly KubeObject[];
  /** What lies on this machine, by the models' addresses. */
  readonly artifacts?: ReadonlyMap<string, Artifact>;
}

/** Runs the rules over loaded files: findings at their lines, without what comments and configuration switch off. */
export function lintFiles(loaded: LoadedFolder, config: LintConfig, extras: LintExtras = {}): LintReport {
  const comments = new Map([...loaded.texts].map(([file, text]) => [file, new Suppressions(text)] as const));
  const inputs = loaded.manifests.map((manifest): LintInput => ({
    object: manifest.object,
    isDisabled: (code: string, path: string) => comments.get(manifest.file)?.isDisabled(code, path, manifest) ?? false,
    placeOf: (path: string) => `${manifest.file}:${manifest.position(path).line}`,
  }));
  const found = lint(inputs, optionsOf(config, extras)).map((finding) => locate(finding, loaded.manifests[finding.input] as Manifest));
  const findings = [...unreadable(loaded, config), ...found, ...aboutComments(comments, config)];
  return { findings: findings.sort(byPlace), files: loaded.files, objects: loaded.manifests.map((m) => m.object), texts: loaded.texts };
}

export function optionsOf({ rules, apis }: LintConfig, extras: LintExtras = {}): LintOptions {
  return { rules, ...extras, ...(apis ? { apis } : {}) };
}

function locate({ input: _input, ...finding }: Finding, manifest: Manifest): LocatedFinding {
  return { ...finding, file: manifest.file, position: manifest.position(finding.path) };
}

/** What never became an object. */
function unreadable({ problems }: LoadedFolder, config: LintConfig): readonly LocatedFinding[] {
  return problems.flatMap(({ file, position, code, severity, message, hint }) =>
    atLevel(config, code, severity).map((level) => ({ file, position, code, severity: level, path: '', message, doc: docPage(code), ...(hint ? { hint } : {}) })),
  );
}

function aboutComments(comments: ReadonlyMap<string, Suppressions>, config: LintConfig): readonly LocatedFinding[] {
  const code = 'ISVC_LINT_DISABLE';
  return [...comments].flatMap(([file, suppressions]) =>
    suppressions.findings().flatMap(({ severity, ...finding }) => atLevel(config, code, severity).map((level) => ({ ...finding, file, code, severity: level, path: '', doc: docPage(code) }))),
  );
}

/** The severity that a finding has under the configuration, or nothing when its rule is off. */
function atLevel({ rules }: LintConfig, code: string, severity: Severity): readonly Severity[] {
  const set = rules[code];
  if (set === 'off') return [];
  return [set ?? (ruleOf(code) ? severity : 'error')];
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.position.line - b.position.line || a.position.column - b.position.column || (a.code < b.code ? -1 : 1);
}
