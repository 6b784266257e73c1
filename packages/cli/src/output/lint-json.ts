import { countFindings } from 'cdk8s-kserve/lint';
import type { LintReport } from '../lint/lint-files';
import { shortened, tokenLength } from './lint-text';

/** Findings for programs. Fields are only added between versions of this format. */
export function lintJson(report: LintReport, cwd = process.cwd()): string {
  const lines = new Map([...report.texts].map(([file, text]) => [file, text.split('\n')] as const));
  const findings = report.findings.map(({ file, position, ...finding }) => ({
    file: shortened(file, cwd), line: position.line, column: position.column,
    endColumn: position.column + tokenLength(lines.get(file)?.[position.line - 1] ?? '', position.column), ...finding,
  }));
  return `${JSON.stringify({ version: 1, files: report.files, objects: report.objects.length, counts: countFindings(report.findings), findings }, null, 2)}\n`;
}
