import { closeSync, openSync, readSync } from 'node:fs';

/** One finished request of the controller to the API server. */
export interface AuditedRequest {
  /** `create`, `get`, `watch`... */
  readonly verb: string;
  /** `inferenceservices/status` */
  readonly resource: string;
  readonly dryRun: boolean;
  readonly code: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface Line {
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code: number };
  readonly stageTimestamp: string;
}

const READS: readonly string[] = ['get', 'list', 'watch'];
const CHUNK = 1 << 20;

/** What the user `controller` has asked of the API server, by the API server's own account; reads only what is new each time. */
export class AuditLog {
  private readonly file: string;
  private readonly seen: AuditedRequest[] = [];
  private offset = 0;
  private rest = Buffer.alloc(0);

  constructor(file: string) {
    this.file = file;
  }

  /** All requests so far but watches, which end when they time out. */
  requests(): readonly AuditedRequest[] {
    for (const line of this.newLines()) {
      const { verb, requestURI, objectRef, responseStatus, stageTimestamp } = JSON.parse(line) as Line;
      if (verb === 'watch') continue;
      const resource = `${objectRef?.resource ?? ''}${objectRef?.subresource ? `/${objectRef.subresource}` : ''}`;
      this.seen.push({ verb, resource, dryRun: requestURI.includes('dryRun='), code: responseStatus?.code ?? 0, at: Date.parse(stageTimestamp) });
    }
    return this.seen;
  }

  private newLines(): string[] {
    const file = openSync(this.file, 'r');
    const chunk = Buffer.alloc(CHUNK);
    const parts = [this.rest];
    for (let read = readSync(file, chunk, 0, CHUNK, this.offset); read > 0; read = readSync(file, chunk, 0, CHUNK, this.offset)) {
      parts.push(Buffer.from(chunk.subarray(0, read)));
      this.offset += read;
    }
    closeSync(file);
    const text = Buffer.concat(parts);
    const end = text.lastIndexOf('\n') + 1;
    this.rest = Buffer.from(text.subarray(end));
    return text.toString('utf8', 0, end).split('\n').filter((line) => line !== '');
  }
}

/** Whether it changes something, or would if something differed. */
export function isWrite({ verb, dryRun }: AuditedRequest): boolean {
  return !dryRun && !READS.includes(verb);
}

/** `create services 10, patch deployments 10` */
export function countBy(requests: readonly AuditedRequest[]): string {
  const counts = new Map<string, number>();
  for (const { verb, resource, dryRun } of requests) {
    const what = `${verb} ${resource}${dryRun ? ' (dry run)' : ''}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, n]) => `${what} ${n}`).join(', ') || 'none';
}
