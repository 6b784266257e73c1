import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { lintFiles } from '../../packages/cli/src/lint/lint-files';
import { loadTexts } from '../../packages/cli/src/manifests/load-folder';
import type { Severity } from '../../src/lint';
import { goldenCases } from '../support/golden';
import { textOf, type Base, type Fault } from './faults';
import type { Doc } from './sites';

/** A finding, short enough to compare. */
export interface Alarm {
  readonly code: string;
  readonly severity: Severity;
  readonly line: string;
}

function docsOf(text: string): readonly Doc[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  return (Array.isArray(documents) ? documents : []).map((d) => d.toJS() as Doc).filter((d) => d !== null);
}

/** What the faults are put into: the folders beside this file and golden inputs that have no problems. */
export function faultBases(): readonly Base[] {
  const folder = join(__dirname, 'bases');
  const own = readdirSync(folder).map((f) => ({ name: f, docs: docsOf(readFileSync(join(folder, f), 'utf8')) }));
  const golden = goldenCases()
    .filter((c) => c.plain && !existsSync(join(c.folder, 'problems.txt')))
    .map((c) => ({ name: c.name, docs: [...docsOf(readFileSync(join(c.folder, 'input.yaml'), 'utf8')), ...(c.worldObjects as unknown as readonly Doc[])] }));
  // Own folders twice as often as their number says: only they have graphs, claims and GPUs.
  return [...own, ...own, ...golden];
}

function alarms(text: string): readonly Alarm[] {
  const loaded = loadTexts(new Map([['f.yaml', text]]), 'f.yaml');
  return lintFiles(loaded, { rules: {}, apis: undefined, ignores: () => false }).findings
    .map(({ code, severity, subject, path, message }) => ({ code, severity, line: `${code} ${subject ?? ''} ${path}: ${message}` }));
}

/** What lint finds in each base before anything is wrong with it. */
export function alarmsBefore(bases: readonly Base[]): ReadonlyMap<string, readonly Alarm[]> {
  return new Map(bases.map(({ name, docs }) => [name, alarms(textOf(docs))]));
}

/** What a fault makes lint say that it did not say before. */
export function newAlarms(fault: Fault, before: ReadonlyMap<string, readonly Alarm[]>): readonly Alarm[] {
  const known = new Set(before.get(fault.base)?.map((a) => a.line));
  return alarms(fault.text).filter((a) => !known.has(a.line));
}
