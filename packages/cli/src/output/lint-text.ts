import { relative } from 'node:path';
import type { Colors } from 'picocolors/types';
import { countFindings, type Severity } from 'cdk8s-kserve/lint';
import type { LintReport, LocatedFinding } from '../lint/lint-files';

/** Length of what stands at a column: a key, or a word. */
export function tokenLength(line: string, column: number): number {
  const [token = ''] = /^("[^"]*"|'[^']*'|[^\s:,{}[\]]+)/.exec(line.slice(column - 1)) ?? [];
  return Math.max(token.length, 1);
}

/**
 * Findings for people: `file:line:column: error: path: message; fix [CODE]`, the form that editors and CI turn into
 * links, with the line and a caret below it.
 */
export function lintText(report: LintReport, colors: Colors, cwd = process.cwd()): string {
  const lines = new Map([...report.texts].map(([file, text]) => [file, text.split('\n')] as const));
  const blocks = report.findings.map((finding) => [headline(finding, colors, cwd), ...excerpt(finding, lines.get(finding.file), colors)].join('\n'));
  return `${[...blocks, summary(report, colors)].join('\n')}\n`;
}

function headline({ file, position, severity, path, message, hint, code }: LocatedFinding, colors: Colors, cwd: string): string {
  const place = `${shortened(file, cwd)}:${position.line}:${position.column}`;
  return `${colors.bold(place)}: ${label(severity, colors)}: ${path ? `${path}: ` : ''}${message}${hint ? `; ${hint}` : ''} ${colors.dim(`[${code}]`)}`;
}

export function shortened(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short === '' || short.startsWith('..') ? file : short;
}

function label(severity: Severity, colors: Colors): string {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  return paint(severity);
}

function excerpt({ position, severity }: LocatedFinding, lines: readonly string[] | undefined, colors: Colors): readonly string[] {
  const line = lines?.[position.line - 1]?.trimEnd();
  if (!line) return [];
  const number = String(position.line);
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const caret = `${' '.repeat(position.column - 1)}${'^'.repeat(tokenLength(line, position.column))}`;
  return [`  ${colors.dim(`${number} |`)} ${line}`, `  ${colors.dim(`${' '.repeat(number.length)} |`)} ${paint(caret)}`];
}

/** Says what was looked at, so that a green run over the wrong folder shows. */
function summary({ findings, files, objects }: LintReport, colors: Colors): string {
  const counts = countFindings(findings);
  const said = (['error', 'warning', 'info'] as const).filter((s) => counts[s] > 0).map((s) => `${counts[s]} ${s === 'info' ? 'note' : s}${counts[s] === 1 ? '' : 's'}`);
  const ours = objects.filter((o) => o.apiVersion.startsWith('serving.')).length;
  const where = `${objects.length} object${objects.length === 1 ? '' : 's'} of ${files} file${files === 1 ? '' : 's'}, ${ours === 0 ? 'none' : ours} of model serving`;
  const verdict = said.length === 0 ? colors.green('nothing found') : said.join(', ');
  return `${verdict} in ${where}`;
}
