import type { Readable } from 'node:stream';
import { IsvcError } from 'cdk8s-kserve/api';
import type { ByteRange } from '../source';
import { askOnce, type StoreAccess } from './ask';
import { isTransient } from './failure';
import type { HttpRequest, HttpResponse } from './http-client';
import { storeError, type StoreWords } from './store-error';

/**
 * One attempt at the content of a file: what `SourceFile.open` does for every store that speaks HTTP.
 *
 * @param onHead sees the headers before the first byte.
 * @throws IsvcError where no retry helps; what can be cured is thrown as it is.
 */
export async function openBody(request: HttpRequest, range: ByteRange | undefined, access: StoreAccess, words: StoreWords, signal: AbortSignal, onHead: (headers: HttpResponse['headers']) => void = () => {}): Promise<Readable> {
  const headers = { 'accept-encoding': 'identity', ...request.headers, ...(range ? { range: `bytes=${range.start}-${range.end - 1}` } : {}) };
  try {
    const response = await askOnce({ ...request, headers }, access, signal);
    if (range) assertRange(response, range);
    onHead(response.headers);
    return response.body;
  } catch (error) {
    if (signal.aborted || isTransient(error)) throw error;
    throw storeError(error, words);
  }
}

function assertRange({ status, headers, body }: HttpResponse, { start, end }: ByteRange): void {
  const got = /^bytes (\d+)-(\d+)\//.exec(headers['content-range'] ?? '');
  if (status === 206 && Number(got?.[1]) === start && Number(got?.[2]) === end - 1) return;
  body.destroy();
  const what = status === 206 ? `"${headers['content-range'] ?? ''}"` : 'everything';
  throw new IsvcError('ISVC_FETCH_CORRUPT', `asked for bytes ${start} to ${end - 1}, the store answers with ${what}`, { hint: 'the file changed, or a proxy cuts ranges; set ISVC_FETCH_PART_MIB above its size' });
}
