import { sep } from 'node:path';
import { RULES, docPage, type Rule, type Severity } from 'cdk8s-kserve/lint';
import type { LintReport, LocatedFinding } from '../lint/lint-files';
import { VERSION } from '../version';
import { shortened, tokenLength } from './lint-text';

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** Findings as SARIF 2.1.0, which code hosts show beside the lines of a change. */
export function lintSarif(report: LintReport, cwd = process.cwd()): string {
  const indexOf = new Map(RULES.map((rule, index) => [rule.code, index]));
  const lines = new Map([...report.texts].map(([file, text]) => [file, text.split('\n')] as const));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'isvc lint', version: VERSION, rules: RULES.map(reportingDescriptor) } },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => resultOf(finding, indexOf.get(finding.code), lines.get(finding.file)?.[finding.position.line - 1] ?? '', cwd)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function reportingDescriptor({ code, title, why, severity, bad, good }: Rule): object {
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} See ${docPage(code)}.`, markdown: `${why}\n\nFound here:\n\n\`\`\`yaml\n${bad}\`\`\`\n\nNot here:\n\n\`\`\`yaml\n${good}\`\`\`\n` },
    defaultConfiguration: { level: LEVEL[severity] },
  };
}

function resultOf({ code, severity, path, message, hint, file, position, subject }: LocatedFinding, ruleIndex: number | undefined, line: string, cwd: string): object {
  return {
    ruleId: code,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVEL[severity],
    message: { text: `${path ? `${path}: ` : ''}${message}${hint ? `; ${hint}` : ''}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(shortened(file, cwd)) },
          region: { startLine: position.line, startColumn: position.column, endColumn: position.column + tokenLength(line, position.column) },
        },
        ...(subject ? { logicalLocations: [{ fullyQualifiedName: path ? `${subject}: ${path}` : subject, kind: 'object' }] } : {}),
      },
    ],
  };
}

/** A relative file name as a relative URI reference. */
function uriOf(file: string): string {
  return file.split(sep).map(encodeURIComponent).join('/');
}
