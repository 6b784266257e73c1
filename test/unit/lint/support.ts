import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/api';
import { lint, type Finding, type LintOptions } from '../../../src/lint';

/** Findings of a text of manifests. */
export function lintText(text: string, options?: LintOptions): readonly Finding[] {
  return lint(objectsOf(text).map((object) => ({ object })), options);
}

export function objectsOf(text: string): readonly KubeObject[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  return (Array.isArray(documents) ? documents : []).map((d) => d.toJS() as KubeObject).filter((o) => o !== null);
}

/** `severity path: message [CODE]` of each finding. */
export function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map((f) => `${f.severity} ${f.path}: ${f.message} [${f.code}]`);
}
