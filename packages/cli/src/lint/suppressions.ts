import { didYouMean } from 'cdk8s-kserve/api';
import { RULES } from 'cdk8s-kserve/lint';
import type { Manifest, Position } from '../manifests/manifest';

const COMMENT = /(^|\s)#\s*isvc-lint-disable\s+([^#]*?)\s*$/;
const CODE = /[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/g;

/** One code in a comment, and the line whose field it holds for. */
interface Suppression {
  readonly code: string;
  readonly line: number;
  readonly position: Position;
  used: boolean;
}

/** Something to say about a comment itself. */
export interface CommentFinding {
  readonly position: Position;
  readonly severity: 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
}

/**
 * The comments `# isvc-lint-disable CODE [CODE...] [-- why]` of one file. On a line of its own a comment holds for the
 * field below it, behind a field for that field; both hold for all below the field, and at the head of a document for
 * the document.
 */
export class Suppressions {
  private readonly byLine = new Map<number, Suppression[]>();

  constructor(text: string) {
    if (!text.includes('isvc-lint-disable')) return;
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      const match = COMMENT.exec(line);
      if (!match) continue;
      const own = line.slice(0, match.index).trim() === '';
      const target = own ? nextContent(lines, index) : index;
      const codes = (match[2] ?? '').split('--')[0]?.match(CODE) ?? [];
      const position = { line: index + 1, column: line.indexOf('#', match.index) + 1 };
      const list = this.byLine.get(target + 1) ?? [];
      list.push(...codes.map((code) => ({ code, line: target + 1, position, used: false })));
      this.byLine.set(target + 1, list);
    }
  }

  /** Whether a comment switches a rule off for a field of a manifest of this file. */
  isDisabled(code: string, path: string, manifest: Manifest): boolean {
    if (this.byLine.size === 0) return false;
    for (const prefix of prefixesOf(path)) {
      const found = this.byLine.get(manifest.position(prefix).line)?.find((s) => s.code === code);
      if (!found) continue;
      found.used = true;
      return true;
    }
    return false;
  }

  /** Codes that no rule has, and codes that switch nothing off; call it when lint is done. */
  findings(): readonly CommentFinding[] {
    return [...this.byLine.values()].flat().flatMap(({ code, position, used }): CommentFinding[] => {
      if (used) return [];
      if (RULES.some((r) => r.code === code)) return [{ position, severity: 'info', message: `${code} finds nothing here`, hint: 'remove the comment' }];
      return [{ position, severity: 'warning', message: `there is no rule ${code}`, hint: didYouMean(code, RULES.map((r) => r.code)) ?? 'isvc lint --rules lists them' }];
    });
  }
}

/** Index of the next line that is neither blank, nor a comment, nor a document's start. */
function nextContent(lines: readonly string[], from: number): number {
  const index = lines.findIndex((line, i) => i > from && !/^\s*(#.*|---.*)?$/.test(line));
  return index === -1 ? from : index;
}

/** `a.b[0]` is `a.b[0]`, `a.b`, `a` and the whole document. */
function prefixesOf(path: string): readonly string[] {
  const ends = [...path.matchAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[\]]+/g)].map((m) => m.index + m[0].length);
  return ['', ...ends.map((end) => path.slice(0, end))].reverse();
}
