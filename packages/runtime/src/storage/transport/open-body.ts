import type { Readable } from 'node:stream';
import { IsvcError } from 'cdk8s-kserve/api';
import type { ByteRange } from '../source';
import { askOnce, type StoreAccess } from './ask';
import { HttpFailure, isTransient, RangeIgnored } from './failure';
import type { HttpRequest, HttpResponse } from './http-client';
import { storeError, type StoreWords } from './store-error';

export interface BodyRequest extends HttpRequest {
  /** What the ETag of the answer must be, for stores that refuse conditions. @default - the condition of the request, if any */
  readonly etag?: string;
}

/**
 * One attempt at the content of a file: what `SourceFile.open` does for every store that speaks HTTP.
 *
 * @param onHead sees the headers before the first byte.
 * @throws IsvcError where no retry helps; what can be cured is thrown as it is, and so is RangeIgnored.
 */
export async function openBody({ etag, ...request }: BodyRequest, range: ByteRange | undefined, access: StoreAccess, words: StoreWords, signal: AbortSignal, onHead: (headers: HttpResponse['headers']) => void = () => {}): Promise<Readable> {
  const headers = { 'accept-encoding': 'identity', ...request.headers, ...(range ? { range: `bytes=${range.start}-${range.end - 1}` } : {}) };
  try {
    const response = await askOnce({ ...request, headers }, access, signal);
    assertSameVersion(response, etag ?? request.headers?.['if-match']);
    if (range) assertRange(response, range);
    onHead(response.headers);
    return response.body;
  } catch (error) {
    if (signal.aborted || isTransient(error) || error instanceof RangeIgnored) throw error;
    throw storeError(error, words);
  }
}

/** Some servers and proxies overlook conditions and answer with another version than was asked for. */
function assertSameVersion({ headers, body }: HttpResponse, wanted: string | undefined): void {
  const got = headers.etag;
  if (wanted === undefined || got === undefined || plain(wanted) === plain(got)) return;
  body.destroy();
  throw new HttpFailure(412, headers, '');
}

function plain(tag: string): string {
  return tag.replace(/^W\/|"/g, '');
}

function assertRange({ status, headers, body }: HttpResponse, { start, end }: ByteRange): void {
  const got = /^bytes (\d+)-(\d+)\//.exec(headers['content-range'] ?? '');
  if (status === 206 && Number(got?.[1]) === start && Number(got?.[2]) === end - 1) return;
  body.destroy();
  if (status !== 206) throw new RangeIgnored();
  throw new IsvcError('ISVC_FETCH_CORRUPT', `asked for bytes ${start} to ${end - 1}, the store answers with "${headers['content-range'] ?? ''}"`, { hint: 'a proxy on the way cuts ranges; set ISVC_FETCH_PART_MIB above the size of the file' });
}
