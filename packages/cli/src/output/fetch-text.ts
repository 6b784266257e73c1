/** What became of one fetch. */
export interface FetchOutcome {
  /** Without credentials. */
  readonly source: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly unchanged: boolean;
  readonly verified: boolean;
  readonly milliseconds: number;
}

export interface FetchFailure {
  readonly source: string;
  readonly folder: string;
  readonly error: { readonly code: string; readonly message: string; readonly path: string | undefined; readonly hint: string | undefined };
}

export function fetchText({ source, folder, files, bytes, unchanged, verified, milliseconds }: FetchOutcome): string {
  const what = `${source}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes${verified ? ', verified' : ''}`;
  return unchanged ? `${what}, already in ${folder}\n` : `${what}, in ${folder} after ${(milliseconds / 1000).toFixed(1)} s\n`;
}

export function fetchJson(outcome: FetchOutcome | FetchFailure): string {
  return `${JSON.stringify(outcome, null, 2)}\n`;
}
